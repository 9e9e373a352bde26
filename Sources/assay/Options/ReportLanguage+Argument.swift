public import ArgumentParser
public import Reports

extension ReportLanguage: ExpressibleByArgument {}
