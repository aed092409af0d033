"""How a term is found in a text and how sure the place is: the parts that `pipelines.match` is made of."""
