/// What is timed.
package enum BenchmarkTask: String, CaseIterable, Sendable {
  case forward
  /// The gradient of the cross-entropy in the input.
  case gradient
  case fgsm
  /// 40 steps in an L∞ ball, 10 for `resnet18_cifar`, every one of them taken.
  case pgd
  case saliency
  /// 50 steps from zero.
  case integratedGradients = "integrated-gradients"
  /// 20 noisy copies.
  case smoothGrad = "smoothgrad"
  /// Updates by stochastic gradient descent with momentum, 128 samples each.
  case trainSGD = "train-sgd"
  case trainAdam = "train-adam"
}

/// A figure that cannot be printed, since what was timed gave wrong results.
package struct BenchmarkError: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
