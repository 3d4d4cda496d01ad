"""NCSN++ / DDPM++: the U-Net of the paper's image models, as encoder and as velocity.

Sources: arXiv:2011.13456, appendix H (NCSN++, DDPM++); arXiv:2006.11239 (DDPM); arXiv:1809.11096
(residual blocks that change the resolution); arXiv:2509.15591, appendix C (the latent's part).
"""
