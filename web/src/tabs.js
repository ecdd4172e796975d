import asOf from './queries/as-of.graphql?raw'
import buyers from './queries/recent-buyers.graphql?raw'
import prospect from './queries/high-intent-prospect.graphql?raw'
import record from './queries/record-events.graphql?raw'
import silence from './queries/silence.graphql?raw'
import topic from './queries/topic-cluster.graphql?raw'
import upsell from './queries/upsell.graphql?raw'
import vocabulary from './queries/vocabulary.graphql?raw'

const DAY = 24 * 60 * 60 * 1000

// The tabs of a first visit; each is named by its operation.
export function tabs(now) {
  const earlier = new Date(now - 30 * DAY).toISOString()
  return [
    { query: topic },
    { query: prospect },
    { query: upsell },
    { query: buyers },
    { query: silence },
    { query: asOf, variables: JSON.stringify({ earlier }, null, 2) },
    { query: vocabulary },
    { query: record },
  ]
}
