# Arm Cortex-M3, on the MPS2 board with the AN385 image.
TRIPLE = armv7em-none-none-eabi
CPU = cortex-m3
LAYOUT = eights
MACHINE = mps2-an385
SCRIPT = Cores/mps2.ld
# Armv7E-M's DSP instructions, which the Cortex-M3 lacks, though its triple allows them.
MISSING = smla[bt][bt]|smul[bt][bt]|s[mu]lal[bt][bt]|smlal?[sd]x?|sml[as]ldx?|smu[as]dx?|sml?a?w[bt]|smulw[bt]|smml[as]r?|smmulr?
MISSING := $(MISSING)|[su]xt(a?b16|ab|ah)|pkh(bt|tb)|q(d?add|d?sub|add(8|16)|sub(8|16)|asx|sax)|[su]h?(add|sub)(8|16)|[su]sat16|sel|umaal|usada?8
include Cores/cortex-m.mk
