public import ArgumentParser
public import Tensors

extension Norm: ExpressibleByArgument {}
