"""The GraphQL vocabulary: types, inputs, scalars, problems. No behaviour."""
