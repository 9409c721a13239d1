/// Thrown by work that stopped because of Ctrl-C or a request to terminate.
struct Interrupted: Error, Hashable {}
