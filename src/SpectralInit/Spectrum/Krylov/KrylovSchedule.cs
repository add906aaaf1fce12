namespace SpectralInit;

/// <summary>
/// When to pay for a Rayleigh–Ritz step: when the slowest wanted pair has converged, as far as a look at the banded T tells; after a restart,
/// when T is no longer banded, at sizes that grow by a quarter.
/// </summary>
internal sealed unsafe class KrylovSchedule(int count, int block)
{
    private readonly BandedRitz _ritz = new(block);
    private int _next = Math.Max(count + (4 * block), 2 * count);
    private bool _banded = true;
    private int _lastSize;
    private double _lastLog;

    /// <summary>Size of the basis at which the slowest wanted pair meets its threshold if it goes on as between the last two looks; 0 before them.</summary>
    public double Forecast { get; private set; }

    /// <param name="size">Vectors in the basis.</param>
    /// <param name="projection">The lower triangle of T.</param>
    /// <param name="stride">Elements between its rows.</param>
    /// <param name="norm">A bound of the eigenvalues' magnitude.</param>
    /// <param name="coupling">R.</param>
    /// <param name="threshold">Residual wanted, by value.</param>
    public bool IsDue(int size, double* projection, int stride, double norm, double[] coupling, Func<double, double> threshold)
    {
        if (size < _next || !_banded || norm == 0)
            return size >= _next;
        (double value, double residual) = _ritz.Find(projection, stride, size, count, norm, coupling);
        double log = Math.Log(Math.Max(residual / threshold(value), 1e-300));
        if (!(log > 0))
            return true;

        // Convergence only gets faster: a straight line through the last two looks never falls short by much.
        double perVector = _lastSize > 0 ? (_lastLog - log) / (size - _lastSize) : 0;
        int remaining = perVector > 0 ? (int)Math.Min(log / perVector, size) : size / 4;
        if (_lastSize > 0)
            Forecast = perVector > 0 ? size + (log / perVector) : double.PositiveInfinity;
        (_lastSize, _lastLog) = (size, log);
        _next = size + Math.Clamp(remaining / 2, block, Math.Max(block, size / 4));
        return false;
    }

    /// <summary>A Rayleigh–Ritz step was taken and did not find everything.</summary>
    public void Observed(int size) => _next = size + (_banded ? block : Math.Max(block, size / 4));

    /// <summary>The basis was compressed to <paramref name="size"/> vectors; T is diagonal there and full beside.</summary>
    public void Restarted(int size)
    {
        _banded = false;
        _next = size + (4 * block);
    }
}
