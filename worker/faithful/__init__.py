"""Keeps what a network made faithful to the small picture, whatever network it was; no files.

`guarantee` bounds and corrects the network's samples, `checks` measures the finished picture.
What is promised for which kind of picture stands in docs/faithfulness.md.
"""
