import CDNNL

/// Keeps oneDNN on the calling thread.
///
/// Samples are the unit of parallelism. oneDNN asks OpenMP for its number of threads when a
/// primitive is made, and divides the work by it; OpenMP keeps that number per thread.
enum SingleThread {
  static func adopt() { omp_set_num_threads(1) }
}
