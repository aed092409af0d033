"""How readings become rows and stories: the parts that `pipelines.save` and `pipelines.rematch` are made of."""
