import Network
import Testing

@Suite struct PresetTests {
  @Test(
    "A preset with the shape of a published network takes the multiply-accumulates published for it",
    arguments: [(Preset.lenet, 192_064), (.resnet8, 12_501_632), (.dscnn, 2_656_768)])
  func takesPublishedWork(preset: Preset, macs: Int) {
    #expect(preset.network.macs == macs)
  }

  @Test("A preset's canonical text makes the same network", arguments: Preset.allCases)
  func survivesItsText(preset: Preset) throws {
    #expect(try Network(text: preset.network.text) == preset.network)
  }
}
