"""The fewest instructions that a core's instruction set allows a layer, by a model of it that is written out here.

The model: a direct convolution, a row of outputs at a time, whose operands are bytes where they lie, inputs in RAM and weights in
flash. A tile holds the sums of some channels of some neighbouring pixels in registers; what it loads of the weights serves all its
pixels, and what it loads of the inputs all its channels. Of all tiles whose sums, operands and two pointers fit the registers, the
cheapest counts. Loops, addresses, borders, calls and spills cost nothing, and weights may lie in any order. So a kernel can
come close, and one that goes below computes by another method.
"""
import math
from dataclasses import dataclass


@dataclass
class Layer:
    """A layer that multiplies. Sums are what it computes, outputs what a folded max pool leaves of them."""

    operation: str  # conv, depthwise or dense
    kernel: tuple  # height, width
    stride: int  # horizontal
    inputs: int  # input channels
    channels: int  # output channels
    width: int  # pixels of a row
    pixels: float  # all that are computed
    pool: int = 1  # sums of which one output is the largest

    @property
    def products(self):
        """Of one sum."""
        height, width = self.kernel
        return height * width * (1 if self.operation == "depthwise" else self.inputs)


def cheapest(fits, cost, channels, pixels):
    """The least `cost(c, p)` over the tiles of c channels by p pixels that fit, in at most so many of either."""
    tiles = ((c, p) for c in range(1, channels + 1) for p in range(1, pixels + 1))
    return min(cost(c, p) for c, p in tiles if fits(c, p))


class Core:
    """What the families of cores share. Costs are in instructions."""

    largest_of_two = 2  # compare, and a branch or conditional move
    loaded = 1  # inputs, by one instruction

    def instructions(self, layer):
        sums = layer.pixels * layer.channels
        outputs = sums / layer.pool
        if layer.operation == "depthwise":
            row = self.depthwise_row(layer)
        else:
            row = self.row(layer) + layer.width * layer.channels * self.each_sum
        return layer.pixels / layer.width * row + (sums - outputs) * self.largest_of_two + outputs * self.output

    def row(self, layer):
        """The products of a row of pixels, the kernel's rows read where they lie, or copied to one run a window before."""
        height, width = layer.kernel
        run = width * layer.inputs
        copy = layer.width * 2 * height * math.ceil(run / self.loaded)
        return min(self.runs(layer, height, run), copy + self.runs(layer, 1, height * run))

    def runs(self, layer, count, products):
        """The same for `count` runs of so many products each. What `weights` takes is a channel's in a tile of c."""

        def cost(c, p):
            channel_tiles, pixel_tiles = math.ceil(layer.channels / c), math.ceil(layer.width / p)
            return count * (
                pixel_tiles * layer.channels * self.weights(products, c)
                + channel_tiles * layer.width * self.inputs(products)
                + layer.channels * layer.width * self.multiplies(products)
            )

        return cheapest(self.fits, cost, min(layer.channels, 16), min(layer.width, 16))

    def depthwise_row(self, layer):
        """The same without input channels that share: pixels share weights, and inputs where their windows overlap."""
        height, width = layer.kernel

        def tile(pixels, lanes, taps):
            if pixels == 0:
                return 0
            columns = (pixels - 1) * layer.stride + width if taps > 1 else pixels * width
            return height * lanes * (
                width * self.depthwise_weight(lanes)
                + columns * self.depthwise_input(lanes)
                + pixels * width * self.depthwise_multiply
            )

        def cost(pixels, lanes, taps):
            tiles, rest = divmod(layer.width, pixels)
            return math.ceil(layer.channels / lanes) * (tiles * tile(pixels, lanes, taps) + tile(rest, lanes, taps))

        # Windows share a column while the weights of all their taps are held.
        return min(
            cost(pixels, lanes, taps)
            for pixels in range(1, min(layer.width, 16) + 1)
            for lanes in self.depthwise_lanes
            for taps in (1, width)
            if self.depthwise_registers(pixels, lanes, taps) <= self.registers
        )


class DSP(Core):
    """Armv7E-M and Armv6: SMLAD adds two products of half words; SXTB16 makes two of four bytes."""

    name = "Armv7E-M and Armv6"
    registers = 14
    loaded = 4
    each_sum = 1
    output = 2 + 1
    depthwise_multiply = 1
    depthwise_lanes = (2, 4)
    about = (
        "SMLAD adds two products of half words. Four inputs are loaded and widened by LDR and two SXTB16. Four weights of two channels"
        " each are LDRD and two SXTB16: a half word of 256 b + a holds a weight of either, and need be widened for a alone; it costs an"
        " instruction a sum to part them. An output is SMMLA, SSAT and a store; a pool's comparison CMP, IT and MOV, in Armv6 CMP and"
        " MOV. Depthwise, SMLABB and SMLATT do one product, two or four channels at a time."
    )

    def __init__(self, is_thumb):
        self.largest_of_two = 3 if is_thumb else 2

    def weights(self, products, c):
        return 3 * math.ceil(products / 4) * math.ceil(c / 2) / c

    def inputs(self, products):
        return 3 * math.ceil(products / 4)

    def multiplies(self, products):
        return math.ceil(products / 2)

    def fits(self, c, p):
        # Either a pair's weights are held, 4 registers, and inputs come by in 2; or 2 a pixel are held, and weights come by in 3.
        held = min(6 if c <= 2 else math.inf, 2 * p + 3)
        return c * p + held + 2 <= self.registers

    def depthwise_weight(self, lanes):
        return 3 / 4  # the order of weights is free: four for two channels or for four

    def depthwise_input(self, lanes):
        return 3 / 4 if lanes == 4 else 2 / 2  # of four channels' bytes, two are widened

    def depthwise_registers(self, pixels, lanes, taps):
        return lanes * pixels + lanes // 2 * (taps + 1) + 2


class WidenedDSP(DSP):
    """The same if a window's inputs were copied as half words once for all channels, which takes twice their bytes of RAM."""

    def inputs(self, products):
        return math.ceil(products / 4)


class Thumb1(Core):
    """Armv6-M: MULS and ADDS a product, and MULS overwrites a factor."""

    name = "Armv6-M"
    registers = 14
    each_sum = 1
    output = 23
    depthwise_multiply = 2
    depthwise_lanes = (1,)
    about = (
        "A product is MULS and ADDS, and since MULS overwrites a factor, it takes an LDRB or a MOV besides. Weights are bytes of w + 128,"
        " which LDRB loads without SXTB; so an input is LDRB, SXTB and an ADDS to the sum of inputs, of which 128 times is taken from"
        " each sum. An output is 23: 18 for the high word of a product by four MULS, a shift, three to find that it needn't saturate, a"
        " store. Depthwise, an input is what MULS overwrites, and weights stay for some pixels."
    )

    def weights(self, products, c):
        return 0  # loaded or copied for each product: see multiplies

    def inputs(self, products):
        return 3 * products

    def multiplies(self, products):
        return 3 * products

    def fits(self, c, p):
        return p == 1 and c + 5 <= self.registers  # the sum of inputs, an input, a weight, two pointers

    def depthwise_weight(self, lanes):
        return 2

    def depthwise_input(self, lanes):
        return 2

    def depthwise_registers(self, pixels, lanes, taps):
        # An input that more than one window reads would have to be copied, which costs as much as to load it.
        return pixels + 2 + 2 if taps == 1 else math.inf


class RISCV(Core):
    """RV32IM: load, multiply, add."""

    name = "RV32IM"
    registers = 30
    each_sum = 0
    output = 6
    depthwise_multiply = 2
    depthwise_lanes = (1,)
    about = (
        "A product is MUL and ADD; an input or a weight LB. An output is MULH, ADD, SRAI, two comparisons with their branches, and SB."
    )

    def weights(self, products, c):
        return products

    def inputs(self, products):
        return products

    def multiplies(self, products):
        return 2 * products

    def fits(self, c, p):
        return c * p + min(c, p) + 2 + 2 <= self.registers  # one operand held, the other and a product come by

    def depthwise_weight(self, lanes):
        return 1

    def depthwise_input(self, lanes):
        return 1

    def depthwise_registers(self, pixels, lanes, taps):
        return pixels + taps + 2 + 2


class Helium(Core):
    """Armv8.1-M: VMLADAVA adds 16 products to a general register."""

    name = "Armv8.1-M with Helium"
    loaded = 16
    each_sum = 0
    output = 2
    largest_of_two = 0.75
    about = (
        "VMLADAVA adds 16 products to an even general register, of which there are 8; a VLDRB brings 16 inputs or weights. Four outputs are"
        " two VMOV to a vector, VMULH, VADD, VSHL, two VQMOVN and a store; a pool's comparison two VMOV and VMAX for four. Depthwise"
        " works on 16 channels: a place of the kernel is two VLDRB and two VMULL, a pair of places two VADD more, and a pair, or a last one,"
        " four VMOVL and four VADD of 32 bits; 16 outputs are 19 instructions."
    )

    def weights(self, products, c):
        return math.ceil(products / 16)

    def inputs(self, products):
        return math.ceil(products / 16)

    def multiplies(self, products):
        return math.ceil(products / 16)

    def fits(self, c, p):
        return c * p <= 8

    def instructions(self, layer):
        if layer.operation != "depthwise":
            return super().instructions(layer)
        places = layer.products
        block = 4 * places + places // 2 * 2 + math.ceil(places / 2) * 8
        blocks = layer.pixels * math.ceil(layer.channels / 16)
        return blocks * (block + 19 / layer.pool)


class NEON(Core):
    """AArch64 without dot products: three instructions add 16 products."""

    name = "AArch64 with NEON"
    loaded = 16
    each_sum = 0.75
    output = 7 / 4
    largest_of_two = 0.25
    about = (
        "SMULL, SMLAL2 and SADALP add 16 products to four sums, which three ADDP for four channels add up; LD1 loads up to four"
        " vectors. Four outputs are a shift, SQRDMULH, an addition, a shift, two narrowings and a store; a pool's comparison SMAX for"
        " four. Depthwise works on 16 channels: a place of the kernel is half an LD1 and two SMULL or SMLAL; a pair, or a last one, four"
        " SADDW; 16 outputs are 20 instructions."
    )

    def weights(self, products, c):
        return math.ceil(products / 16) * math.ceil(c / 4) / c

    def inputs(self, products):
        return math.ceil(products / 16)

    def multiplies(self, products):
        return 3 * math.ceil(products / 16)

    def fits(self, c, p):
        return c * p + c + 2 <= 32  # weights held, an input and a product come by

    def instructions(self, layer):
        if layer.operation != "depthwise":
            return super().instructions(layer)
        places = layer.products
        block = places * 2.5 + math.ceil(places / 2) * 4
        return layer.pixels * math.ceil(layer.channels / 16) * (block + 20 / layer.pool)


CORES = {
    "cortex-m0plus": Thumb1(),
    "cortex-m4": DSP(is_thumb=True),
    "cortex-m55": Helium(),
    "rpi-zero": DSP(is_thumb=False),
    "rpi-3": NEON(),
    "riscv32": RISCV(),
}
