public import ArgumentParser
public import Audits

extension SignOff.Decision: ExpressibleByArgument {}
