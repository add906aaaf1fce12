using System.Numerics;
using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// The eigenvalues of largest modulus of a real operator by thick-restarted Arnoldi in Krylov–Schur form (Stewart, SIAM J. Matrix Anal. Appl. 23, 2001):
/// A·V = V·B + v·bᵀ with V orthonormal; at a restart the leading half of the Schur vectors of B is kept.
/// </summary>
internal sealed class ArnoldiIteration
{
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>Most start vectors tried, and how close two answers are taken for one.</summary>
    private const int MaxStarts = 4;
    private const double Agreement = 1e-8;

    private readonly ILinearOperator _operator;
    private readonly int _n;
    private readonly int _size;
    private readonly double[] _basis;
    private readonly double[,] _projected;
    private readonly ulong _seed;
    private double _norm;
    private double _beta;
    private int _exponent;
    private int _products;
    private ulong _draws;

    private ArnoldiIteration(ILinearOperator matrix, SpectralRadiusOptions options, ulong start)
    {
        _operator = matrix;
        _n = matrix.Rows;
        _size = Math.Min(_n, options.Basis ?? 40);
        _basis = new double[checked((_size + 1) * _n)];
        _projected = new double[_size, _size];
        _seed = start == 0 ? options.Seed : Seeds.Derive(options.Seed, start);
    }

    /// <summary>
    /// Runs until the dominant eigenvalues are certified or the products are spent; then again from another start vector until the largest answer so far has been
    /// found twice, at most <see cref="MaxStarts"/> times. On a crowded edge, such as a random matrix has, a restarted run often certifies an eigenvalue just inside the radius.
    /// </summary>
    public static SpectralRadiusResult Run(ILinearOperator matrix, SpectralRadiusOptions options, CancellationToken cancellationToken)
    {
        if (matrix.Rows == 0)
            return SpectralRadius.Direct([], 0);
        SpectralRadiusResult best = new ArnoldiIteration(matrix, options, start: 0).Run(options, cancellationToken);
        int products = best.Iterations, starts = 1;
        for (bool agreed = false; !agreed && best.Converged && starts < MaxStarts && products < options.MaxProducts; starts++)
        {
            SpectralRadiusResult other = new ArnoldiIteration(matrix, options, (ulong)starts).Run(options with { MaxProducts = options.MaxProducts - products }, cancellationToken);
            products += other.Iterations;
            agreed = other.Converged && Math.Abs(other.Value - best.Value) <= Math.Max(Agreement, 10 * options.Tolerance) * best.Value;
            if (other.Converged && !agreed && other.Value > best.Value)
                best = other;
        }

        return best with { Iterations = products };
    }

    private Span<double> Vector(int i) => _basis.AsSpan(i * _n, _n);

    private SpectralRadiusResult Run(SpectralRadiusOptions options, CancellationToken cancellationToken)
    {
        DrawVector(0);
        Product(Vector(0), Vector(1 % (_size + 1)), measure: true);
        int kept = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Expand(kept);
            ComplexSchur schur = new(_projected);
            schur.SortByModulus();
            double radius = Complex.Abs(schur.Value(0));
            bool converged = true;
            int circle = 0;
            for (; circle < _size && Complex.Abs(schur.Value(circle)) >= radius * (1 - 1e-8); circle++)
                converged &= _beta * Complex.Abs(schur.Vector(_size - 1, circle)) <= options.Tolerance * radius;

            // An exact invariant subspace (β = 0) is certified even when its radius is zero.
            converged |= _beta == 0;
            if (converged || _products >= options.MaxProducts)
                return Finish(schur, circle, converged);
            kept = Restart(schur);
        }
    }

    private void Expand(int kept)
    {
        double[] coefficients = new double[_size];
        for (int j = kept; j < _size; j++)
        {
            Span<double> next = Vector(j + 1);
            Product(Vector(j), next, measure: false);
            double before = TensorPrimitives.Norm<double>(next);
            Orthogonalize(next, j + 1, coefficients);
            for (int i = 0; i <= j; i++)
                _projected[i, j] = coefficients[i];
            double beta = TensorPrimitives.Norm<double>(next);
            _norm = Math.Max(_norm, before);
            if (beta <= 10 * Epsilon * _norm || j + 1 == _n)
            {
                // The space is invariant: what is left is rounding. Go on from a fresh direction, uncoupled.
                beta = 0;
                if (j + 1 < _n && j + 1 < _size)
                    DrawOrthogonal(j + 1);
            }
            else
            {
                TensorPrimitives.Divide(next, beta, next);
            }

            if (j + 1 < _size)
            {
                for (int i = 0; i < j; i++)
                    _projected[j + 1, i] = 0;
                _projected[j + 1, j] = beta;
            }

            _beta = beta;
        }
    }

    // Keeps the leading half of the Schur vectors: a real basis of the invariant subspace they span, and B in it.
    private int Restart(ComplexSchur schur)
    {
        double[,] basis = RealBasis(schur, _size / 2);
        int keep = basis.GetLength(1);
        double[] rotated = new double[keep * _n];
        for (int k = 0; k < keep; k++)
        {
            Span<double> target = rotated.AsSpan(k * _n, _n);
            for (int i = 0; i < _size; i++)
                TensorPrimitives.MultiplyAdd(Vector(i), basis[i, k], target, target);
        }

        double[,] image = new double[_size, keep];
        for (int i = 0; i < _size; i++)
        {
            for (int k = 0; k < keep; k++)
            {
                for (int j = 0; j < _size; j++)
                    image[i, k] += _projected[i, j] * basis[j, k];
            }
        }

        double[,] reduced = new double[keep, keep];
        for (int i = 0; i < keep; i++)
        {
            for (int k = 0; k < keep; k++)
            {
                for (int j = 0; j < _size; j++)
                    reduced[i, k] += basis[j, i] * image[j, k];
            }
        }

        Vector(_size).CopyTo(Vector(keep));
        rotated.CopyTo(_basis.AsSpan());
        Array.Clear(_projected);
        for (int i = 0; i < keep; i++)
        {
            for (int k = 0; k < keep; k++)
                _projected[i, k] = reduced[i, k];
            _projected[keep, i] = _beta * basis[_size - 1, i];
        }

        return keep;
    }

    // An orthonormal real basis of the span of the first Schur vectors: real and imaginary parts, orthogonalized twice, the largest remainder first.
    // The span is closed under conjugation unless the last vector opens a conjugate pair; then a remainder is left and its partner comes along.
    private double[,] RealBasis(ComplexSchur schur, int count)
    {
        const double Negligible = 1e-6;
        double[][] parts = new double[2 * count][];
        for (int k = 0; k < count; k++)
        {
            parts[k] = new double[_size];
            parts[count + k] = new double[_size];
            for (int i = 0; i < _size; i++)
                (parts[k][i], parts[count + k][i]) = (schur.Vector(i, k).Real, schur.Vector(i, k).Imaginary);
        }

        List<double[]> units = [];
        while (units.Count < _size - 1)
        {
            double[] unit = [.. parts.MaxBy(part => TensorPrimitives.Norm<double>(part))!];
            double size = TensorPrimitives.Norm<double>(unit);
            if (units.Count >= count && size < Negligible)
                break;
            TensorPrimitives.Divide(unit, size, unit);
            foreach (double[] other in units)
                TensorPrimitives.MultiplyAdd(other, -TensorPrimitives.Dot<double>(other, unit), unit, unit);
            TensorPrimitives.Divide(unit, TensorPrimitives.Norm<double>(unit), unit);
            units.Add(unit);
            foreach (double[] part in parts)
                TensorPrimitives.MultiplyAdd(unit, -TensorPrimitives.Dot<double>(unit, part), part, part);
        }

        double[,] basis = new double[_size, units.Count];
        for (int k = 0; k < units.Count; k++)
        {
            for (int i = 0; i < _size; i++)
                basis[i, k] = units[k][i];
        }

        return basis;
    }

    private SpectralRadiusResult Finish(ComplexSchur schur, int circle, bool converged)
    {
        Complex lambda = schur.Value(0);
        double[] real = new double[_n], imaginary = new double[_n], imageReal = new double[_n], imageImaginary = new double[_n];
        for (int i = 0; i < _size; i++)
        {
            TensorPrimitives.MultiplyAdd(Vector(i), schur.Vector(i, 0).Real, real, real);
            TensorPrimitives.MultiplyAdd(Vector(i), schur.Vector(i, 0).Imaginary, imaginary, imaginary);
        }

        Product(real, imageReal, measure: false);
        Product(imaginary, imageImaginary, measure: false);
        double residual = 0;
        for (int i = 0; i < _n; i++)
        {
            Complex rest = new Complex(imageReal[i], imageImaginary[i]) - (lambda * new Complex(real[i], imaginary[i]));
            residual = double.Hypot(residual, Complex.Abs(rest));
        }

        double radius = Complex.Abs(lambda);
        double value = Math.ScaleB(radius, _exponent);
        double error = Math.ScaleB(Condition(schur) * Math.Max(residual, Epsilon * _norm), _exponent);
        return new SpectralRadiusResult
        {
            Value = value,
            Dominant = SpectralRadius.Circle(Enumerable.Range(0, circle).SelectMany(i => Conjugates(schur.Value(i))), value),
            Residual = radius > 0 ? residual / radius : residual,
            ErrorEstimate = Math.Min(error, Math.ScaleB(_norm, _exponent)),
            Iterations = _products,
            Method = SpectralRadiusMethod.Arnoldi,
            Converged = converged,
        };
    }

    // A real matrix has real eigenvalues and exact conjugate pairs; rounding leaves neither quite so.
    private IEnumerable<Complex> Conjugates(Complex value)
    {
        double real = Math.ScaleB(value.Real, _exponent), imaginary = Math.ScaleB(value.Imaginary, _exponent);
        if (Math.Abs(value.Imaginary) <= 1e-12 * Complex.Abs(value))
            return [real];
        return value.Imaginary > 0 ? [new(real, imaginary), new(real, -imaginary)] : [];
    }

    // ‖x‖‖y‖/|yᴴx| for the first eigenvalue of the projected matrix: x is the first Schur vector, y solves yᴴT = λyᴴ.
    private double Condition(ComplexSchur schur)
    {
        Complex[] left = new Complex[_size];
        left[0] = 1;
        double square = 1;
        for (int j = 1; j < _size; j++)
        {
            Complex sum = 0;
            for (int i = 0; i < j; i++)
                sum += left[i] * schur.Triangle(i, j);
            Complex gap = schur.Value(0) - schur.Value(j);
            left[j] = sum / (Complex.Abs(gap) > Epsilon * _norm ? gap : Math.Max(Epsilon * _norm, 1e-300));
            square += Complex.Abs(left[j]) * Complex.Abs(left[j]);
        }

        return Math.Sqrt(square);
    }

    private void Product(ReadOnlySpan<double> x, Span<double> y, bool measure)
    {
        _operator.Apply(x, y);
        _products++;
        double largest = Math.Abs(TensorPrimitives.MaxMagnitude<double>(y));
        if (!double.IsFinite(largest))
            throw DenseArgument.NotFinite("matrix");
        if (measure && largest > 0)
            _exponent = Math.ILogB(largest);

        // Two steps, because 2^−e itself may overflow.
        int half = _exponent / 2;
        TensorPrimitives.Multiply(y, Math.ScaleB(1, -half), y);
        TensorPrimitives.Multiply(y, Math.ScaleB(1, half - _exponent), y);
    }

    private void Orthogonalize(Span<double> vector, int count, Span<double> coefficients)
    {
        coefficients[..count].Clear();
        double[] overlaps = new double[count];
        for (int pass = 0; pass < 2; pass++)
        {
            for (int i = 0; i < count; i++)
                overlaps[i] = TensorPrimitives.Dot(Vector(i), vector);
            for (int i = 0; i < count; i++)
            {
                TensorPrimitives.MultiplyAdd(Vector(i), -overlaps[i], vector, vector);
                coefficients[i] += overlaps[i];
            }
        }
    }

    private void DrawVector(int i)
    {
        RandomFill.Normal(Vector(i), 0, 1, _seed, stream: _draws++);
        TensorPrimitives.Divide(Vector(i), TensorPrimitives.Norm<double>(Vector(i)), Vector(i));
    }

    private void DrawOrthogonal(int i)
    {
        DrawVector(i);
        Orthogonalize(Vector(i), i, new double[i]);
        TensorPrimitives.Divide(Vector(i), TensorPrimitives.Norm<double>(Vector(i)), Vector(i));
    }
}
