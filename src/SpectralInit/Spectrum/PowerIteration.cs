using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// Power iteration x ← A·x/‖A·x‖ on any square matrix (von Mises and Pollaczek-Geiringer 1929), with its trajectory and an honest verdict.
/// </summary>
/// <remarks>
/// The quotients ‖Aᵗ⁺¹x‖/‖Aᵗx‖ settle on the spectral radius when one real eigenvalue dominates. For a complex pair they oscillate for ever, for ±ρ they alternate,
/// for defective eigenvalues they approach ρ like 1/t: each case is recognised and said. When nothing settles, the result carries the radius from
/// <see cref="SpectralRadius"/> instead of a guess.
/// </remarks>
public static class PowerIteration
{
    /// <summary>Runs on a dense matrix.</summary>
    /// <param name="matrix">n×n values, row-major, finite.</param>
    /// <param name="dimension">n ≥ 0.</param>
    /// <param name="options">Steps, tolerance, start; defaults when null.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="ArgumentException"><paramref name="matrix"/> is not n×n or holds NaN or infinity, the start vector does not fit, or the iteration exceeds the largest double.</exception>
    public static PowerIterationResult Run(ReadOnlySpan<double> matrix, int dimension, PowerIterationOptions? options = null, CancellationToken cancellationToken = default)
    {
        DenseArgument.CheckSquare(matrix, dimension);
        double[] scaled = matrix.ToArray();
        int exponent = 0;
        double largest = dimension == 0 ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(matrix));
        if (largest is > 1e100 or (> 0 and < 1e-100))
        {
            exponent = Math.ILogB(largest);
            foreach (ref double entry in scaled.AsSpan())
                entry = Math.ScaleB(entry, -exponent);
        }

        SpectralRadiusResult Radius() => SpectralRadius.Of(scaled, dimension, null, cancellationToken).ScaledBy(exponent);
        return new Trajectory(new RangedOperator(new DenseOperator(scaled, dimension, dimension)), options ?? PowerIterationOptions.Default, exponent, Radius, cancellationToken).Run();
    }

    /// <inheritdoc cref="Run(ReadOnlySpan{double}, int, PowerIterationOptions?, CancellationToken)"/>
    public static PowerIterationResult Run(ReadOnlySpan<float> matrix, int dimension, PowerIterationOptions? options = null, CancellationToken cancellationToken = default) =>
        Run(DenseArgument.Widen(matrix), dimension, options, cancellationToken);

    /// <summary>Runs on a MathNet matrix.</summary>
    /// <param name="matrix">A square, finite matrix.</param>
    /// <param name="options">Steps, tolerance, start; defaults when null.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="ArgumentException"><paramref name="matrix"/> is not square or holds NaN or infinity, the start vector does not fit, or the iteration exceeds the largest double.</exception>
    public static PowerIterationResult Run(Matrix<double> matrix, PowerIterationOptions? options = null, CancellationToken cancellationToken = default)
    {
        DenseArgument.CheckSquare(matrix);
        return Run(matrix.ToRowMajorArray(), matrix.RowCount, options, cancellationToken);
    }

    /// <inheritdoc cref="Run(Matrix{double}, PowerIterationOptions?, CancellationToken)"/>
    public static PowerIterationResult Run(Matrix<float> matrix, PowerIterationOptions? options = null, CancellationToken cancellationToken = default)
    {
        DenseArgument.CheckSquare(matrix);
        return Run(matrix.ToRowMajorArray(), matrix.RowCount, options, cancellationToken);
    }

    /// <summary>Runs on a square operator.</summary>
    /// <param name="matrix">A square operator.</param>
    /// <param name="options">Steps, tolerance, start; defaults when null.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="ArgumentException"><paramref name="matrix"/> is not square, a product is not finite, the start vector does not fit, or the iteration exceeds the largest double.</exception>
    public static PowerIterationResult Run(ILinearOperator matrix, PowerIterationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.Rows != matrix.Columns)
            throw new ArgumentException($"A {matrix.Rows}×{matrix.Columns} matrix has no eigenvalues; pass a square one, or take SpectralNorm.", nameof(matrix));
        RangedOperator ranged = new(matrix);
        SpectralRadiusResult Radius() => SpectralRadius.Of(ranged, null, cancellationToken).ScaledBy(ranged.Exponent);
        return new Trajectory(ranged, options ?? PowerIterationOptions.Default, 0, Radius, cancellationToken).Run();
    }

    private sealed class Trajectory(RangedOperator matrix, PowerIterationOptions options, int taken, Func<SpectralRadiusResult> radius, CancellationToken cancellationToken)
    {
        private readonly List<double> _logNorms = [0];
        private readonly List<double> _quotients = [];

        // x, A·x/‖A·x‖ and A²·x/‖A²·x‖ in turns, unit vectors.
        private double[] _previous = [];
        private double[] _x = new double[matrix.Rows];
        private double[] _next = new double[matrix.Rows];
        private double _lastNorm;

        // Of the powers of two taken from the matrix, before and by its operator.
        private int Exponent => taken + matrix.Exponent;

        public PowerIterationResult Run()
        {
            options.Check(matrix.Rows);
            if (matrix.Rows == 0)
                return Result(PowerIterationVerdict.Nilpotent, 0, null, 0, resolve: false);
            Start();
            (PowerIterationVerdict Verdict, double Factor, double? Eigenvalue, double Residual)? settled = null;
            double residual = 1;
            for (int t = 0; t < options.MaxIterations; t++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                double norm = Step();
                if (norm == 0)
                    return Result(PowerIterationVerdict.Nilpotent, 0, null, 0, resolve: false);

                double rayleigh = norm * TensorPrimitives.Dot<double>(_x, _next);
                residual = Residual(norm, rayleigh);
                settled = null;
                if (residual <= options.Tolerance)
                    settled = (PowerIterationVerdict.Converged, Math.Abs(rayleigh), rayleigh, residual);
                else if (t > 0)
                    settled = Pair(norm);

                (_previous, _x, _next) = (_x, _next, _previous.Length == 0 ? new double[matrix.Rows] : _previous);
                _lastNorm = norm;
                if (settled is not null && options.StopWhenSettled)
                    break;
            }

            if (settled is not { } found)
                return Unsettled(residual);

            // Rounding turns a nilpotent matrix into one with eigenvalues of about ε^(1/n): small against the norms seen on the way.
            if (found.Factor < 0.1 * Math.ScaleB(_quotients.Max(), -Exponent) && radius() is { Converged: true, MayBeZero: true })
                return Result(PowerIterationVerdict.Nilpotent, 0, null, found.Residual, resolve: false);
            return Result(found.Verdict, found.Factor, found.Eigenvalue, found.Residual, resolve: false);
        }

        private void Start()
        {
            if (options.Start is { } start)
            {
                for (int i = 0; i < _x.Length; i++)
                    _x[i] = start[i];
                TensorPrimitives.Divide(_x, Math.Abs(TensorPrimitives.MaxMagnitude<double>(_x)), _x);
            }
            else
            {
                RandomFill.Normal<double>(_x, 0, 1, options.Seed);
            }

            TensorPrimitives.Divide(_x, TensorPrimitives.Norm<double>(_x), _x);
        }

        // next ← A·x/‖A·x‖; records the norm.
        private double Step()
        {
            matrix.Apply(_x, _next);
            double largest = Math.Abs(TensorPrimitives.MaxMagnitude<double>(_next));
            if (!double.IsFinite(largest))
                throw DenseArgument.NotFinite(nameof(matrix));
            double norm = 0;
            if (largest > 0)
            {
                TensorPrimitives.Divide(_next, largest, _next);
                double relative = TensorPrimitives.Norm<double>(_next);
                TensorPrimitives.Divide(_next, relative, _next);
                norm = relative * largest;
            }

            _quotients.Add(Checked(Math.ScaleB(norm, Exponent)));
            _logNorms.Add(_logNorms[^1] + Math.Log(norm) + (Exponent * Math.Log(2)));
            return norm;
        }

        private static double Checked(double value) => double.IsFinite(value) ? value : throw DenseArgument.TooLarge(nameof(matrix));

        private double Residual(double norm, double rayleigh)
        {
            double square = 0;
            for (int i = 0; i < _x.Length; i++)
            {
                double rest = _next[i] - (rayleigh / norm * _x[i]);
                square += rest * rest;
            }

            double absolute = norm * Math.Sqrt(square);
            return rayleigh == 0 ? double.PositiveInfinity : absolute / Math.Abs(rayleigh);
        }

        // Has the span of the last two iterates become invariant? Then A acts on it as a 2×2 matrix whose eigenvalues tell the case.
        private (PowerIterationVerdict Verdict, double Factor, double? Eigenvalue, double Residual)? Pair(double norm)
        {
            // u1 = previous, A·u1 = lastNorm·x; u2 = the rest of x, normalized; A·x = norm·next.
            double along = TensorPrimitives.Dot<double>(_previous, _x);
            double across = Math.Sqrt(Math.Max(0, 1 - (along * along)));
            if (across < 1e-6)
                return null;
            double next1 = TensorPrimitives.Dot<double>(_previous, _next), next2 = (TensorPrimitives.Dot<double>(_x, _next) - (along * next1)) / across;
            double a = _lastNorm * along, c = _lastNorm * across;
            double b = ((norm * next1) - (along * a)) / across, d = ((norm * next2) - (along * c)) / across;
            double square = 0;
            for (int i = 0; i < _x.Length; i++)
            {
                double u2 = (_x[i] - (along * _previous[i])) / across;
                double rest = norm * (_next[i] - (next1 * _previous[i]) - (next2 * u2)) / across;
                square += rest * rest;
            }

            (System.Numerics.Complex first, System.Numerics.Complex second) = FrancisIteration.Pair(a, b, c, d);
            double factor = Math.Max(System.Numerics.Complex.Abs(first), System.Numerics.Complex.Abs(second));
            double residual = factor == 0 ? double.PositiveInfinity : Math.Sqrt(square) / factor;
            if (residual > options.Tolerance)
                return null;

            // Nearly parallel iterates of a defective pair leave imaginary noise up to √(ε/across); a pair closer to the axis than this is left to the exact method.
            if (Math.Abs(first.Imaginary) > 1e-4 * factor)
                return (PowerIterationVerdict.ComplexPair, factor, null, residual);
            return Math.Abs(a + d) <= 10 * options.Tolerance * factor ? (PowerIterationVerdict.Alternating, factor, null, residual) : null;
        }

        private PowerIterationResult Unsettled(double residual)
        {
            // Drift: the last quotients change little and in one direction.
            int count = Math.Min(20, _quotients.Count - 1);
            double[] changes = [.. Enumerable.Range(_quotients.Count - count, count).Select(t => (_quotients[t] / _quotients[t - 1]) - 1)];
            bool drifting = count > 2 && changes.All(change => Math.Abs(change) < 0.01)
                && (changes.All(change => change >= -1e-12) || changes.All(change => change <= 1e-12));
            return Result(drifting ? PowerIterationVerdict.Slow : PowerIterationVerdict.NotConverged, null, null, residual, options.ResolveUnsettled);
        }

        private PowerIterationResult Result(PowerIterationVerdict verdict, double? factor, double? eigenvalue, double residual, bool resolve)
        {
            double[] vector = [];
            if (eigenvalue is not null)
            {
                // After the swap x is the newest iterate; sign rule as everywhere.
                vector = [.. _x];
                if (SignRule.WantsNegation(vector))
                    TensorPrimitives.Negate(vector, vector);
            }

            return new PowerIterationResult
            {
                Verdict = verdict,
                LogNorms = [.. _logNorms],
                Quotients = [.. _quotients],
                StretchingFactor = factor is { } f ? Checked(Math.ScaleB(f, Exponent)) : null,
                Eigenvalue = eigenvalue is { } e ? Math.ScaleB(e, Exponent) : null,
                Eigenvector = [.. vector],
                Residual = residual,
                Iterations = _quotients.Count,
                Radius = resolve ? radius() : null,
            };
        }
    }
}
