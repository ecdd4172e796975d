import asOf from './queries/as-of.graphql?raw'
import buyers from './queries/recent-buyers.graphql?raw'
import company from './queries/company.graphql?raw'
import comingAndGoing from './queries/coming-and-going.graphql?raw'
import comparing from './queries/comparing.graphql?raw'
import explain from './queries/explain.graphql?raw'
import habits from './queries/habits.graphql?raw'
import liveMembers from './queries/live-members.graphql?raw'
import liveSize from './queries/live-size.graphql?raw'
import money from './queries/money.graphql?raw'
import paths from './queries/paths.graphql?raw'
import prospect from './queries/high-intent-prospect.graphql?raw'
import record from './queries/record-events.graphql?raw'
import saved from './queries/saved-segments.graphql?raw'
import silence from './queries/silence.graphql?raw'
import topic from './queries/topic-cluster.graphql?raw'
import upsell from './queries/upsell.graphql?raw'
import vocabulary from './queries/vocabulary.graphql?raw'

const DAY = 24 * 60 * 60 * 1000

// The tabs of a first visit; each is named by its first operation. Those that hold one question
// come first; the others hold several of a kind, of which one is run at a time.
export function tabs(now) {
  const earlier = new Date(now - 30 * DAY).toISOString()
  const variables = JSON.stringify({ earlier }, null, 2)
  return [
    { query: topic },
    { query: prospect },
    { query: upsell },
    { query: buyers },
    { query: silence },
    { query: asOf, variables },
    { query: explain },
    { query: vocabulary },
    { query: record },
    { query: paths },
    { query: money },
    { query: habits },
    { query: company },
    { query: comingAndGoing },
    { query: comparing },
    { query: saved, variables },
    { query: liveMembers },
    { query: liveSize },
  ]
}
