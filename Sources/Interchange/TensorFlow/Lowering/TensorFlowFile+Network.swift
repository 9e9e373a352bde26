import Programs

extension TensorFlowFile: NetworkFile {
  package var inputs: [NetworkPort] { inputInterface.map(\.port) }
  package var outputs: [NetworkPort] { outputInterface.map(\.port) }
  package var operatorCounts: [String: Int] { TensorFlowCensus.counts(self) }

  package func network(_ request: NetworkRequest) throws -> ImportedNetwork {
    try request.check(inputs: inputs, outputs: outputs)
    let names = request.outputs ?? outputs.map(\.name)
    let wanted = names.compactMap { name in outputInterface.first { $0.port.name == name } }
    var census = TensorFlowCensus(self)
    try census.checkSupport(
      of: wanted.map(\.tensor),
      known: Set(inputInterface.map { TensorFlowReference($0.tensor).node }))
    var request = request
    while true {
      let lowering = TensorFlowLowering(self)
      do {
        return try network(request, wanted, lowering)
      } catch let unknown as TensorFlowUnknownValue {
        let fixed = lowering.tracer.builder.inputs(behind: unknown.value).filter {
          request.constants[$0] == nil && request.values[$0] != nil
        }
        guard !fixed.isEmpty else { throw unknown.fact }
        for name in fixed { request.constants[name] = request.values[name] }
      }
    }
  }

  private func network(
    _ request: NetworkRequest, _ wanted: [Interface], _ lowering: TensorFlowLowering
  ) throws -> ImportedNetwork {
    let scope = TensorFlowScope(nodes)
    let values = try request.declare(inputs, in: lowering.tracer)
    for interface in inputInterface {
      guard let value = values[interface.port.name] else { continue }
      scope.define(TensorFlowReference(interface.tensor).node, [.value(value)])
    }
    let results = try lowering.lower(wanted.map(\.tensor), in: scope)
    return try lowering.tracer.network(
      zip(wanted, results).map { interface, result in
        switch result {
        case .value(let value): return (name: interface.port.name, value: value)
        case .variable:
          throw InterchangeError.Fact.request("the output '\(interface.port.name)' is a variable")
        case .unavailable(let reason):
          throw InterchangeError.Fact.node("output '\(interface.port.name)'", reason: reason)
        }
      })
  }
}
