using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>Orthonormal vectors of a Krylov space as padded rows, and classical Gram–Schmidt in slices of columns: each slice stays in the cache for a whole block of vectors.</summary>
internal sealed unsafe class ArnoldiBasis : IDisposable
{
    private const double Epsilon = 2.220446049250313e-16;
    private const int SliceColumns = 1024;
    private const int Attempts = 20;

    private readonly Scratch<double> _vectors;
    private readonly Scratch<double> _partial;
    private readonly int _n;
    private readonly int _capacity;
    private readonly int _slices;
    private readonly nint _stride;
    private readonly ulong _seed;
    private ulong _draws;

    public ArnoldiBasis(int n, int capacity, int block, ulong seed)
    {
        (_n, _capacity, _seed) = (n, capacity, seed);
        _stride = Lane.Stride(n);
        _slices = (n + SliceColumns - 1) / SliceColumns;
        _vectors = Scratch.RentCleared<double>(capacity * (long)_stride);
        _partial = Scratch.Rent<double>((long)_slices * block * capacity);
    }

    /// <summary>Values per vector.</summary>
    public int Dimension => _n;

    /// <summary>Vector i.</summary>
    public Span<double> this[int i] => new(Row(i), _n);

    /// <summary>Fills vectors first … first+count−1 with normal draws and makes them orthonormal to all before them.</summary>
    public void Draw(int first, int count)
    {
        double[] unused = new double[_capacity];
        for (int i = first; i < first + count; i++)
        {
            bool found = false;
            for (int attempt = 0; !found && attempt < Attempts; attempt++)
            {
                RandomFill.Normal(this[i], 0, 1, _seed, stream: _draws++);
                found = Append(i, 0, unused, Norm(i));
            }

            if (!found)
                throw new InvalidOperationException($"No direction orthogonal to {i} vectors of length {_n} was found.");
        }
    }

    /// <summary>
    /// Makes <paramref name="count"/> vectors, from <paramref name="first"/> on, orthonormal to all before them. Row i of <paramref name="coefficients"/> (count × capacity) receives what
    /// vector i had along each. Where nothing but rounding was left of one, a random direction takes its place, without a coefficient, as long as there is one.
    /// </summary>
    /// <returns>How many vectors there are now from <paramref name="first"/> on, and the largest norm before.</returns>
    public (int Count, double Norm) Orthogonalize(int first, int count, Span<double> coefficients)
    {
        double[] before = new double[count];
        for (int i = 0; i < count; i++)
            before[i] = Norm(first + i);

        // Twice is enough (Giraud, Langou, Rozložník and van den Eshof 2005).
        double[] overlaps = Project(first, count, null), again = Project(first, count, overlaps);
        Project(first, count, again, subtractOnly: true);
        TensorPrimitives.Add<double>(overlaps, again, coefficients);
        int end = first;
        for (int i = 0; i < count; i++)
        {
            this[first + i].CopyTo(this[end]);
            bool found = Append(end, first, coefficients.Slice(i * _capacity, _capacity), before[i]);
            if (end == _n)
                continue;
            if (!found)
                Draw(end, 1);
            end++;
        }

        return (end - first, before.Max());
    }

    /// <summary>Replaces the first vectors by <paramref name="rows"/> combinations of the first <paramref name="size"/>, then moves the <paramref name="pending"/> vectors behind those up.</summary>
    public void Rotate(double[] combinations, int rows, int size, int pending)
    {
        using Scratch<double> rotated = Scratch.Rent<double>((long)rows * _n);
        Combine(combinations, rows, size, rotated.Pointer, _n);
        for (int i = 0; i < rows; i++)
            new ReadOnlySpan<double>(rotated.Pointer + ((nint)i * _n), _n).CopyTo(this[i]);
        for (int i = 0; i < pending; i++)
            this[size + i].CopyTo(this[rows + i]);
    }

    /// <summary>target ← <paramref name="rows"/> combinations (rows × size) of the first <paramref name="size"/> vectors.</summary>
    public void Combine(double[] combinations, int rows, int size, double* target, nint stride)
    {
        fixed (double* c = combinations)
            MatrixProduct.Multiply(false, false, rows, _n, size, 1.0, c, size, Row(0), _stride, 0.0, target, stride);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _vectors.Dispose();
        _partial.Dispose();
    }

    private double* Row(int i) => _vectors.Pointer + (i * _stride);

    private double Norm(int i) => TensorPrimitives.Norm<double>(this[i]);

    // Subtracts what the given coefficients say and returns the overlaps of what is left, count × capacity.
    private double[] Project(int first, int count, double[]? subtract, bool subtractOnly = false)
    {
        double[] sums = new double[count * _capacity];
        if (first == 0)
            return sums;
        Parallelism.Run(_slices, slice =>
        {
            nint start = (nint)slice * SliceColumns, width = Math.Min(SliceColumns, _stride - start);
            for (int i = 0; i < count; i++)
            {
                double* vector = Row(first + i) + start;
                if (subtract is not null)
                {
                    fixed (double* c = &subtract[i * _capacity])
                        VectorKernels.SubtractRows(vector, c, Row(0) + start, _stride, first, width);
                }

                if (!subtractOnly)
                    VectorKernels.DotRows(_partial.Pointer + (((nint)slice * count) + i) * _capacity, Row(0) + start, _stride, first, vector, width);
            }
        });
        if (subtractOnly)
            return sums;
        for (int slice = 0; slice < _slices; slice++)
        {
            for (int i = 0; i < count; i++)
            {
                double* part = _partial.Pointer + (((nint)slice * count) + i) * _capacity;
                for (int j = 0; j < first; j++)
                    sums[(i * _capacity) + j] += part[j];
            }
        }

        return sums;
    }

    // Makes vector i, orthogonal to those before `from` already, a unit vector orthogonal to all before it; false when only rounding is left.
    private bool Append(int i, int from, Span<double> coefficients, double before)
    {
        double given = Norm(i);
        Subtract(i, from, coefficients);
        double norm = Norm(i);

        // What is left of a vector nearly in the span of its block has grown, relatively, by what rounding left along the others.
        if (from > 0 && norm < given / 2)
        {
            Subtract(i, 0, coefficients);
            norm = Norm(i);
        }

        if (norm <= 10 * Epsilon * before || norm == 0)
            return false;
        coefficients[i] = norm;
        VectorKernels.Scale(Row(i), 1 / norm, _stride);
        return true;
    }

    // Vector i less what it has along those from `from` on, twice.
    private void Subtract(int i, int from, Span<double> coefficients)
    {
        double* overlaps = stackalloc double[_capacity];
        for (int pass = 0; pass < 2 && from < i; pass++)
        {
            VectorKernels.DotRows(overlaps, Row(from), _stride, i - from, Row(i), _stride);
            VectorKernels.SubtractRows(Row(i), overlaps, Row(from), _stride, i - from, _stride);
            for (int j = from; j < i; j++)
                coefficients[j] += overlaps[j - from];
        }
    }
}
