#ifndef THIMBLE_CMPI_SHIM_H
#define THIMBLE_CMPI_SHIM_H

#include <mpi.h>

// MPI's constants are macros that Swift can't import. All of this is about bytes between the processes of
// MPI_COMM_WORLD, whose errors end the job.

/// MPI is called from one thread at a time, always the same.
static inline int thimble_mpi_start(void) {
  int provided;
  return MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided);
}

static inline int thimble_mpi_rank(void) {
  int rank;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

static inline int thimble_mpi_count(void) {
  int count;
  MPI_Comm_size(MPI_COMM_WORLD, &count);
  return count;
}

static inline void thimble_mpi_send(const void *bytes, int count, int rank) {
  MPI_Send(bytes, count, MPI_BYTE, rank, 0, MPI_COMM_WORLD);
}

static inline void thimble_mpi_receive(void *bytes, int count, int rank) {
  MPI_Recv(bytes, count, MPI_BYTE, rank, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

static inline void thimble_mpi_broadcast(void *bytes, int count, int rank) {
  MPI_Bcast(bytes, count, MPI_BYTE, rank, MPI_COMM_WORLD);
}

/// Each rank's part is where it belongs already.
static inline void thimble_mpi_gather(void *bytes, const int *counts, const int *offsets) {
  MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, bytes, counts, offsets, MPI_BYTE, MPI_COMM_WORLD);
}

static inline void thimble_mpi_abort(int status) { MPI_Abort(MPI_COMM_WORLD, status); }

#endif
