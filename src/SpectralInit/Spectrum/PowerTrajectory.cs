using System.Numerics;
using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>One power iteration: x ← A·x/‖A·x‖ step by step, and what its quotients settle to.</summary>
/// <param name="matrix">2⁻ᵉ·A.</param>
/// <param name="options">Steps, tolerance, start.</param>
/// <param name="taken">A power of two taken from A before.</param>
/// <param name="radius">The spectral radius of A by another way.</param>
/// <param name="progress">Told the steps done.</param>
/// <param name="cancellationToken">Stops between steps.</param>
internal sealed class PowerTrajectory(RangedOperator matrix, PowerIterationOptions options, int taken, Func<SpectralRadiusResult> radius, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
{
    /// <summary>A small factor that differs by more from the radius another way gives, relatively, is not believed.</summary>
    private const double Believed = 1e-6;

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
            return Result(PowerIterationVerdict.Nilpotent, 0, null, 0);
        Start();
        (PowerIterationVerdict Verdict, double Factor, double? Eigenvalue, double Residual)? settled = null;
        double residual = 1;
        for (int t = 0; t < options.MaxIterations; t++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double norm = Step();
            progress?.Report(new SolverProgress("power", t + 1, options.MaxIterations));
            if (norm == 0)
                return Result(PowerIterationVerdict.Nilpotent, 0, null, 0);

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
            return Unsettled(residual, radius);

        // Small against the norms seen on the way: rounding turns a nilpotent matrix into one with eigenvalues of about ε^(1/n), and of a pair that is there
        // cancellation leaves few digits.
        if (found.Factor < 0.1 * Math.ScaleB(_quotients.Max(), -Exponent) && radius() is { Converged: true } exact)
        {
            if (exact.MayBeZero)
                return Result(PowerIterationVerdict.Nilpotent, 0, null, found.Residual);
            if (Math.Abs(Math.ScaleB(found.Factor, Exponent) - exact.Value) > Math.Max(Believed, 10 * options.Tolerance) * exact.Value)
                return Unsettled(found.Residual, () => exact);
        }

        return Result(found.Verdict, found.Factor, found.Eigenvalue, found.Residual);
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

        (Complex first, Complex second) = FrancisIteration.Pair(a, b, c, d);
        double factor = Math.Max(Complex.Abs(first), Complex.Abs(second));
        double residual = factor == 0 ? double.PositiveInfinity : Math.Sqrt(square) / factor;
        if (residual > options.Tolerance)
            return null;

        // Nearly parallel iterates of a defective pair leave imaginary noise up to √(ε/across); a pair closer to the axis than this is left to the exact method.
        if (Math.Abs(first.Imaginary) > 1e-4 * factor)
            return (PowerIterationVerdict.ComplexPair, factor, null, residual);
        return Math.Abs(a + d) <= 10 * options.Tolerance * factor ? (PowerIterationVerdict.Alternating, factor, null, residual) : null;
    }

    private PowerIterationResult Unsettled(double residual, Func<SpectralRadiusResult> resolve)
    {
        // Drift: the last quotients change little and in one direction.
        int count = Math.Min(20, _quotients.Count - 1);
        double[] changes = [.. Enumerable.Range(_quotients.Count - count, count).Select(t => (_quotients[t] / _quotients[t - 1]) - 1)];
        bool drifting = count > 2 && changes.All(change => Math.Abs(change) < 0.01)
            && (changes.All(change => change >= -1e-12) || changes.All(change => change <= 1e-12));
        return Result(drifting ? PowerIterationVerdict.Slow : PowerIterationVerdict.NotConverged, null, null, residual, options.ResolveUnsettled ? resolve() : null);
    }

    private PowerIterationResult Result(PowerIterationVerdict verdict, double? factor, double? eigenvalue, double residual, SpectralRadiusResult? exact = null)
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
            Radius = exact,
        };
    }
}
