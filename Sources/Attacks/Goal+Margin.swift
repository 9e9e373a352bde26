import Models

extension Goal {
  /// How far logits are past the goal, or short of it if negative.
  ///
  ///     untargeted: max_{i ≠ y} zᵢ − z_y;   targeted: z_t − max_{i ≠ t} zᵢ
  ///
  /// - Parameters:
  ///   - logits: The logits of one sample.
  ///   - chosen: Its label, or its target.
  /// - Returns: The margin; no finite number where a logit that it is made of is none.
  func margin(_ logits: ArraySlice<Double>, of chosen: Int) -> Double {
    let own = logits.startIndex + chosen
    var largest: Double?
    for index in logits.indices where index != own {
      if let known = largest, !(known < logits[index]) { continue }
      largest = logits[index]
    }
    let margin = (largest ?? -.infinity) - logits[own]
    return self == .untargeted ? margin : -margin
  }
}
