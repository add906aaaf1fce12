namespace SpectralInit.Benchmarks.Peers;

/// <summary>A named task that several libraries can do.</summary>
/// <param name="Prepare">Makes the data and the in-process contestants; ours comes first.</param>
/// <param name="HasPythonPeers">Whether peers.py knows the case.</param>
/// <param name="Describe">What our median means, as a share of the machine's limit.</param>
internal sealed record PeerCase(Func<IEnumerable<Subject>> Prepare, bool HasPythonPeers = true, Func<double, string>? Describe = null);
