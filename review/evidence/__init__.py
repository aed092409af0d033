"""What a finding rests on, in a form that others can check: footnotes, and a bundle with the kept bytes and their hashes."""
