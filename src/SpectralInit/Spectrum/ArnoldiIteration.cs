using System.Numerics;
using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// The eigenvalues of largest modulus of a real operator by thick-restarted block Arnoldi in Krylov–Schur form (Stewart, SIAM J. Matrix Anal. Appl. 23, 2001; in blocks
/// Zhou and Saad 2008): A·V = V·B + W·C with [V W] orthonormal; at a restart the leading half of the Schur vectors of B is kept.
/// </summary>
/// <remarks>
/// A block of start vectors, because one start may hold so little of the dominant eigenvector that the iteration certifies an eigenvalue just inside the radius. And where a first
/// Krylov space shows eigenvalues spread over a disc, as a random matrix has them, the space is built with Aᵖ: on a disc the powers are the best polynomials (its Faber polynomials), so
/// p products in a row lose nothing and save p − 1 orthogonalizations. On a line, as for a symmetric matrix, p stays 1. In every case A itself judges the answer.
/// </remarks>
internal sealed class ArnoldiIteration : IDisposable
{
    private const double Epsilon = 2.220446049250313e-16;
    private const int DefaultBasis = 96;
    private const int LargestBlock = 4;

    /// <summary>A prime, so that eigenvalues of a cyclic matrix, which differ by roots of one, seldom have one power.</summary>
    private const int Power = 17;

    /// <summary>Powers are taken of an operator that stretches no vector met by more than this times its radius, and kept while their own stretch stays in bounds.</summary>
    private const double LargestNorm = 10, LargestPowerNorm = 1e6;

    /// <summary>Ritz pairs judged at each restart, at least.</summary>
    private const int Judged = 16;

    private readonly SpectralRadiusOptions _options;
    private readonly ScaledOperator _operator;
    private readonly ArnoldiBasis _basis;
    private readonly double[] _projected;
    private readonly double[] _vectors, _images;
    private readonly int _n;
    private readonly int _limit;
    private readonly int _block;
    private readonly int _stride;

    /// <summary>Vectors whose images are in the projection, and those that wait behind them.</summary>
    private int _size;
    private int _pending;
    private int _power = 1;
    private bool _powerTried;
    private double _norm;

    private ArnoldiIteration(ILinearOperator matrix, SpectralRadiusOptions options)
    {
        _options = options;
        _n = matrix.Rows;
        _limit = Math.Min(_n, options.BasisSize ?? DefaultBasis);
        _block = Math.Clamp(_limit / 8, 1, LargestBlock);
        _stride = _limit + _block;
        _projected = new double[_stride * _stride];
        _vectors = new double[_block * _n];
        _images = new double[_block * _n];
        _basis = new ArnoldiBasis(_n, _stride, _block, options.Seed);
        _basis.Draw(0, _block);
        _pending = _block;
        _operator = new ScaledOperator(matrix, _basis[0]);
    }

    public static SpectralRadiusResult Run(ILinearOperator matrix, SpectralRadiusOptions options, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
    {
        if (matrix.Rows == 0)
            return SpectralRadius.Direct([], 0, progress, cancellationToken);
        using ArnoldiIteration iteration = new(matrix, options);
        return iteration.Run(progress, cancellationToken);
    }

    public void Dispose() => _basis.Dispose();

    private SpectralRadiusResult Run(IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            Expand(cancellationToken);
            ComplexSchur schur = new(_projected, _size, _stride);
            schur.SortByModulus(Math.Max(1, _size / 2));
            RitzPairs pairs = Judge(schur);
            progress?.Report(new SolverProgress("Arnoldi", _operator.Products, null));
            if (pairs.AreSettled(_options.Tolerance) || _pending == 0 || _operator.Products >= _options.MaxProducts)
                return Finish(schur, pairs);
            if (!_powerTried && IsDisc(schur))
                Begin(schur, Power, pairs.Radius);
            else if (_power > 1 && (_norm > LargestPowerNorm || _operator.Products > _options.MaxProducts / 2))
                Begin(schur, 1, 1);
            else
                Restart(schur);
        }
    }

    private void Expand(CancellationToken cancellationToken)
    {
        double[] coefficients = new double[_block * _stride];
        while (_pending > 0 && _size + _pending <= _limit)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = _pending, next = _size + count;
            Span<double> images = _images.AsSpan(0, count * _n);
            for (int i = 0; i < count; i++)
                _basis[_size + i].CopyTo(_vectors.AsSpan(i * _n));
            _operator.Apply(count, _power, _vectors.AsSpan(0, count * _n), images);
            for (int i = 0; i < count; i++)
                images.Slice(i * _n, _n).CopyTo(_basis[next + i]);
            (_pending, double norm) = _basis.Orthogonalize(next, count, coefficients);
            _norm = Math.Max(_norm, norm);
            for (int i = 0; i < count; i++)
            {
                for (int row = 0; row < _stride; row++)
                    _projected[(row * _stride) + _size + i] = coefficients[(i * _stride) + row];
            }

            _size = next;
        }
    }

    // Ritz values of the last space on one line through zero have |Σθ²| = Σ|θ|²; spread over a disc, Σθ² is near zero.
    private bool IsDisc(ComplexSchur schur)
    {
        Complex sum = 0;
        double size = 0;
        for (int i = 0; i < schur.Size; i++)
        {
            sum += schur.Value(i) * schur.Value(i);
            size += schur.Value(i).Real * schur.Value(i).Real + schur.Value(i).Imaginary * schur.Value(i).Imaginary;
        }

        return _n > 2 * _limit && Complex.Abs(sum) < size / 2 && _norm < LargestNorm * Complex.Abs(schur.Value(0));
    }

    // A new space, of another power, from random combinations of the leading half of this one.
    private void Begin(ComplexSchur schur, int power, double radius)
    {
        double[] kept = schur.RealBasis(_size / 2, 0, out int rows), mixed = new double[_block * _size], weights = new double[rows];
        for (int i = 0; i < _block; i++)
        {
            RandomFill.Normal(weights, 0, 1, Seeds.Derive(_options.Seed, "mix"), stream: (ulong)(i + power));
            for (int k = 0; k < rows; k++)
                TensorPrimitives.MultiplyAdd(kept.AsSpan(k * _size, _size), weights[k], mixed.AsSpan(i * _size, _size), mixed.AsSpan(i * _size, _size));
        }

        _basis.Rotate(mixed, _block, _size, 0);
        (_pending, _) = _basis.Orthogonalize(0, _block, new double[_block * _stride]);
        _operator.Rescale(radius);
        Array.Clear(_projected);
        (_size, _power, _powerTried, _norm) = (0, power, true, 0);
    }

    // Keeps the leading half of the Schur vectors: a real basis Q of the invariant subspace they span, QᵀBQ and C·Q.
    private void Restart(ComplexSchur schur)
    {
        double[] kept = schur.RealBasis(Math.Max(1, _size / 2), _pending, out int rows), image = new double[rows * _size], reduced = new double[_projected.Length];
        for (int k = 0; k < rows; k++)
        {
            ReadOnlySpan<double> vector = kept.AsSpan(k * _size, _size);
            for (int i = 0; i < _size; i++)
                image[(k * _size) + i] = TensorPrimitives.Dot(_projected.AsSpan(i * _stride, _size), vector);
            for (int i = 0; i < rows; i++)
                reduced[(i * _stride) + k] = TensorPrimitives.Dot<double>(kept.AsSpan(i * _size, _size), image.AsSpan(k * _size, _size));
            for (int i = 0; i < _pending; i++)
                reduced[((rows + i) * _stride) + k] = TensorPrimitives.Dot(_projected.AsSpan((_size + i) * _stride, _size), vector);
        }

        reduced.CopyTo(_projected, 0);
        _basis.Rotate(kept, rows, _size, _pending);
        _size = rows;
    }

    // The leading Schur vectors of B span a space that A judges; an invariant space is judged whole.
    private RitzPairs Judge(ComplexSchur schur)
    {
        int count = _pending == 0 ? _size : Math.Min(Math.Max(1, _size / 2), Judged);
        double[] leading = schur.RealBasis(count, 0, out int rows);
        return new RitzPairs(_operator, _basis, leading, rows, _size);
    }

    private SpectralRadiusResult Finish(ComplexSchur schur, RitzPairs pairs)
    {
        double value = Math.ScaleB(pairs.Radius, _operator.Exponent);
        double error = Math.ScaleB(schur.Condition(_norm) * Math.Max(pairs.Residuals[0], Epsilon * pairs.Norm), _operator.Exponent);
        return new SpectralRadiusResult
        {
            Value = value,
            Dominant = SpectralRadius.Circle(pairs.Values.Take(pairs.Circle).SelectMany(Conjugates), value),
            Residual = pairs.Radius > 0 ? pairs.Residuals[0] / pairs.Radius : pairs.Residuals[0],
            ErrorEstimate = Math.Min(error, Math.ScaleB(pairs.Norm, _operator.Exponent)),
            Iterations = _operator.Products,
            Method = SpectralRadiusMethod.Arnoldi,

            // An invariant subspace is certified even when its radius is zero.
            Converged = _pending == 0 || pairs.AreSettled(_options.Tolerance),
        };
    }

    // A real matrix has real eigenvalues and exact conjugate pairs; rounding leaves neither quite so.
    private IEnumerable<Complex> Conjugates(Complex value)
    {
        double real = Math.ScaleB(value.Real, _operator.Exponent), imaginary = Math.ScaleB(value.Imaginary, _operator.Exponent);
        if (Math.Abs(value.Imaginary) <= 1e-12 * Complex.Abs(value))
            return [real];
        return value.Imaginary > 0 ? [new(real, imaginary), new(real, -imaginary)] : [];
    }
}
