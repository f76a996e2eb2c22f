"""Prove that one picture was made from another: register, compare everywhere, take over the pixels.

Registration (`registration`) says where in the candidate each pixel of the small picture lies;
the proof (`proof`) shrinks the candidate the same way and demands agreement in every block
(docs/adr/0010-what-is-proof.md); `rendering` makes the result from the candidate's own pixels.
"""
