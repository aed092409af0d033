"""The bundled sample: invented government sites on this machine, to try the project on and to test it with.

The sites and their sentences are made up (示例). The bodies they name are real, so that the finding has something to
find; the people are not. Nothing here may be cited.
"""
