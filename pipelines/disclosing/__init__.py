"""How a sentence becomes a disclosure: the parts that `pipelines.disclose` and `pipelines.rules` are made of."""
