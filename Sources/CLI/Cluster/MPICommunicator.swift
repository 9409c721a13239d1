#if MPI
  import CMPI
  import Train

  /// The processes that an MPI launcher started.
  struct MPICommunicator: Communicator {
    let rank: Int
    let count: Int

    /// Starts MPI, once a process; its other calls come from the same thread.
    init() throws(Failure) {
      guard thimble_mpi_start() == MPI_SUCCESS else { throw Failure("MPI can't be started") }
      rank = Int(thimble_mpi_rank())
      count = Int(thimble_mpi_count())
    }

    func send(_ bytes: UnsafeRawBufferPointer, to rank: Int) {
      thimble_mpi_send(bytes.baseAddress, Int32(bytes.count), Int32(rank))
    }

    func receive(_ bytes: UnsafeMutableRawBufferPointer, from rank: Int) {
      thimble_mpi_receive(bytes.baseAddress, Int32(bytes.count), Int32(rank))
    }

    func broadcast(_ bytes: UnsafeMutableRawBufferPointer, from rank: Int) {
      thimble_mpi_broadcast(bytes.baseAddress, Int32(bytes.count), Int32(rank))
    }

    func gather(_ bytes: UnsafeMutableRawBufferPointer, parts: [Range<Int>]) {
      thimble_mpi_gather(
        bytes.baseAddress, parts.map { Int32($0.count) }, parts.map { Int32($0.lowerBound) })
    }

    /// Ends this rank's part when all have come to it.
    func leave() { MPI_Finalize() }

    /// Ends all ranks at once.
    func abort(_ status: Int32) { thimble_mpi_abort(status) }
  }
#endif
