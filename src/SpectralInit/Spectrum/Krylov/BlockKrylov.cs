using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// Leading eigenpairs of a symmetric operator by block Lanczos with full reorthogonalisation and thick restart (Wu and Simon,
/// "Thick-restart Lanczos method for large symmetric eigenvalue problems", 2000). Blocks of vectors read the matrix once for so many products.
/// </summary>
/// <remarks>
/// The basis V (rows) grows by the residual of its last block; T = V·A·Vᵀ is banded until the first restart. A pair (θ, Vᵀy) has residual
/// ‖R·y_last‖ with R the coupling to the next block, so convergence costs no product. A block that breaks down is refilled at random, and
/// because a Krylov space grown from s start vectors holds at most s copies of an eigenvalue, s equal values among those found call for
/// further start vectors before they are believed to be all.
/// </remarks>
internal sealed unsafe class BlockKrylov : IDisposable
{
    private const double Epsilon = 1.0 / (1L << 52);

    private readonly ILinearOperator _operator;
    private readonly KrylovSettings _settings;
    private readonly int _n;
    private readonly int _block;
    private readonly int _limit;
    private readonly KrylovBasis _basis;
    private readonly KrylovProjection _projection;

    private int _size;
    private int _bandStart;
    private int _startVectors;
    private double _norm;
    private long _products;
    private int _steps;
    private int _restarts;
    private double[] _candidates = [];
    private int _candidatesAt;

    public BlockKrylov(ILinearOperator symmetric, KrylovSettings settings)
    {
        _operator = symmetric;
        _settings = settings;
        _n = symmetric.Rows;
        _block = _startVectors = settings.Block;
        _limit = Math.Min(settings.BasisLimit, _n - (2 * _block)) / _block * _block;
        if (_limit < settings.Count + (3 * _block))
            throw new ArgumentException($"A basis of {_limit} vectors is too small for {settings.Count} pairs.", nameof(settings));
        _basis = new KrylovBasis(_n, _block, _limit, settings.Seed);
        _projection = new KrylovProjection(_limit, _block);
    }

    /// <summary>True when the dimension leaves room for a Krylov space worth having.</summary>
    public static bool Suits(int dimension, int count, int basisLimit, int block = SkinnyProduct.Group) =>
        Math.Min(basisLimit, dimension - (2 * block)) / block * block >= count + (4 * block);

    public KrylovResult Run()
    {
        for (int q = 0; q < _block; q++)
            _basis.Refill(q);
        KrylovSchedule schedule = new(_settings.Count, _block);
        while (true)
        {
            Expand();
            bool full = _size + _block > _limit, exhausted = _products + _block > _settings.MaxProducts;
            bool giveUp = _size + _block > _settings.GiveUpAt;
            if (_size < _settings.Count + _block)
                continue;
            if (!full && !exhausted && !giveUp && !schedule.IsDue(_size, _projection.Row(0), _limit, _norm, _basis.Coupling, Threshold))
            {
                giveUp = schedule.Forecast > _settings.HopelessAt;
                if (!giveUp)
                    continue;
            }

            int wanted = Math.Min(_size, _settings.Count + Math.Max(2 * _block, _settings.Count / 2));
            EigenPairs ritz = _projection.Solve(_size, full || exhausted ? wanted : _settings.Count);
            int found = CountFound(ritz);
            _settings.Progress?.Report(new SolverProgress("Krylov", found, _settings.Count));
            if (found == _settings.Count && IsSettled(ritz))
            {
                if (!IsCrowded(ritz))
                    return Finish(ritz, true);
                if (exhausted)
                    return Finish(ritz, false);
                Restart(ritz, true);
                schedule.Restarted(_size);
                continue;
            }

            if (exhausted || (giveUp && !(found == _settings.Count)))
                return Finish(ritz, false);
            schedule.Observed(_size);
            if (full)
            {
                Restart(ritz, false);
                schedule.Restarted(_size);
            }
        }
    }

    public void Dispose()
    {
        _basis.Dispose();
        _projection.Dispose();
    }

    /// <summary>The residual below which a Ritz value counts as an eigenvalue: relative to itself, but not below rounding of the operator.</summary>
    private double Threshold(double value) => Math.Max(_settings.Tolerance * Math.Abs(value), Math.Max(_settings.Floor, 4 * Epsilon * Math.Sqrt(_n)) * _norm);

    /// <summary>One block step: the last block times A, made orthogonal to the basis; T grows by a block column, the basis by the residual.</summary>
    private void Expand()
    {
        _settings.CancellationToken.ThrowIfCancellationRequested();
        int m = _size, next = m + _block;
        _operator.ApplyBlock(_block, new ReadOnlySpan<double>(_basis.Row(m), _block * _n), new Span<double>(_basis.Row(next), _block * _n));
        _products += _block;
        _steps++;
        Span<double> before = stackalloc double[_block];
        for (int q = 0; q < _block; q++)
        {
            before[q] = TensorPrimitives.Norm<double>(_basis[next + q]);
            if (!double.IsFinite(before[q]))
                throw new ArgumentException("The operator returned a value that is not finite, or its norm exceeds the range of double.", "symmetric");
            _norm = Math.Max(_norm, before[q]);
        }

        // In exact arithmetic a new block meets only the last two (all of them right after a restart); the full pass takes away what rounding left.
        int from = _bandStart == m ? 0 : Math.Max(0, m - _block);
        _basis.Subtract(next, from, next, _block);
        _projection.Record(_basis.Coefficients, m, from, add: false);
        _basis.Subtract(next, 0, next, _block);
        _projection.Record(_basis.Coefficients, m, from, add: true);
        _startVectors += _basis.Orthonormalize(next, before, _norm);
        _size = next;
    }

    private int CountFound(EigenPairs ritz)
    {
        int found = 0;
        for (int i = 0; i < _settings.Count; i++)
        {
            if (Residual(ritz.Vector(i)[^_block..]) <= Threshold(ritz.Values[i]))
                found++;
        }

        return found;
    }

    private double Residual(ReadOnlySpan<double> last)
    {
        double sum = 0;
        for (int r = 0; r < _block; r++)
        {
            double entry = TensorPrimitives.Dot(_basis.Coupling.AsSpan(r * _block, _block), last);
            sum += entry * entry;
        }

        return Math.Sqrt(sum);
    }

    /// <summary>
    /// Random vectors that replaced vanished ones may bring in what the space had missed: once any did, the same values must be found again two
    /// blocks later.
    /// </summary>
    private bool IsSettled(EigenPairs ritz)
    {
        if (_startVectors == _block)
            return true;
        bool same = _candidates.Length > 0;
        for (int i = 0; same && i < _settings.Count; i++)
            same = Math.Abs(ritz.Values[i] - _candidates[i]) <= Threshold(ritz.Values[i]);
        if (same)
            return _size >= _candidatesAt + (2 * _block);
        _candidates = ritz.Values[.._settings.Count];
        _candidatesAt = _size;
        return false;
    }

    /// <summary>As many equal values as there were start vectors: there may be more of them that the space cannot hold.</summary>
    private bool IsCrowded(EigenPairs ritz)
    {
        if (_size + _block > _n - (2 * _block))
            return false;
        for (int i = 0; i + _startVectors <= _settings.Count; i++)
        {
            if (ritz.Values[i] - ritz.Values[i + _startVectors - 1] <= 1e-8 * _norm)
                return true;
        }

        return false;
    }

    /// <summary>Replaces the basis by its leading Ritz vectors, followed by the residual block or, for more copies, by a random one.</summary>
    private void Restart(EigenPairs ritz, bool random)
    {
        int keep = Math.Min(ritz.Count, _limit - (3 * _block));
        using Scratch<double> kept = Scratch.RentCleared<double>((long)keep * _n);
        _basis.Combine(ritz, keep, kept.Pointer);
        Buffer.MemoryCopy(kept.Pointer, _basis.Row(0), 8L * keep * _n, 8L * keep * _n);
        if (random)
        {
            for (int q = 0; q < _block; q++)
                _basis.Refill(keep + q);
            _startVectors += _block;
        }
        else
        {
            Buffer.MemoryCopy(_basis.Row(_size), _basis.Row(keep), 8L * _block * _n, 8L * _block * _n);
        }

        _projection.Begin(ritz.Values.AsSpan(0, keep));
        _size = keep;
        _bandStart = keep;
        _candidates = [];
        _restarts++;
    }

    private KrylovResult Finish(EigenPairs ritz, bool converged)
    {
        int k = _settings.Count;
        double[] values = ritz.Values[..k], vectors = new double[(long)k * _n], residuals = new double[k];
        fixed (double* target = vectors)
            _basis.Combine(ritz, k, target);
        if (!_settings.Measures)
        {
            for (int i = 0; i < k; i++)
                residuals[i] = Residual(ritz.Vector(i)[^_block..]);
            return new KrylovResult(values, vectors, residuals, converged, _products, _steps, _restarts);
        }

        // The products of the vectors as returned, in the place of the basis: what is reported is measured, not estimated.
        for (int first = 0; first < k; first += 4 * _block)
        {
            int count = Math.Min(4 * _block, k - first);
            Span<double> image = new(_basis.Row(0), count * _n);
            _operator.ApplyBlock(count, vectors.AsSpan(first * _n, count * _n), image);
            _products += count;
            for (int i = 0; i < count; i++)
            {
                Span<double> row = image.Slice(i * _n, _n);
                TensorPrimitives.MultiplyAdd(vectors.AsSpan((first + i) * _n, _n), -values[first + i], row, row);
                residuals[first + i] = TensorPrimitives.Norm<double>(row);
                converged &= residuals[first + i] <= 4 * Threshold(values[first + i]);
            }
        }

        return new KrylovResult(values, vectors, residuals, converged, _products, _steps, _restarts);
    }
}
