using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpectralInit.Kernels;

/// <summary>
/// Joins two solved neighbours: with the eigenpairs of D + ρ·z·zᵀ, D = diag(D₁, D₂), the eigenvectors of the joined matrix are products
/// of two halves. z is recomputed from the roots found, so that the vectors are orthogonal however close the roots are (Gu, Eisenstat 1995).
/// </summary>
internal sealed unsafe class TearMerge
{
    /// <summary>Roots per part of parallel work.</summary>
    private const int PartRoots = 32;

    /// <summary>Poles per part of parallel work: whole vectors.</summary>
    private const int PartPoles = 64;

    /// <summary>Padding for poles: its terms are zero, and not by way of subnormal numbers.</summary>
    private const double FarAway = 1e100;

    private readonly MergeSpace _space;
    private readonly int _start, _end;

    /// <param name="space">Shared memory.</param>
    /// <param name="start">First row.</param>
    /// <param name="middle">First row of the second half, a multiple of 8 after <paramref name="start"/>.</param>
    /// <param name="end">After the last row.</param>
    /// <param name="coupling">The off-diagonal entry that was torn.</param>
    public TearMerge(in MergeSpace space, int start, int middle, int end, double coupling)
    {
        _space = space;
        _start = start;
        _end = end;
        Middle = middle;
        Coupling = coupling;
    }

    public int Middle { get; }

    public double Coupling { get; }

    public int Size => _end - _start;

    /// <summary>The most iterations a root took; −1 when one did not converge.</summary>
    public int Iterations { get; private set; }

    /// <summary>Merges; of the vectors only the <paramref name="wanted"/> with the largest values are formed.</summary>
    public void Run(int wanted)
    {
        int padded = Lane.Pad(Size) + Lane.Alignment;
        using Scratch<double> scratch = Scratch.Rent<double>((6L * padded) + (2 * Lane.Alignment));
        double* byRow = scratch.Pointer, z = byRow + padded, poles = z + padded, weights = poles + padded, revised = weights + padded, roots = revised + padded;
        double rho = LoadVector(byRow);
        Deflation deflation = new(_space, _start, Middle, _end);
        deflation.Run(rho, byRow, poles, z);

        int k = deflation.KeptCount;
        if (k > 0)
        {
            for (int i = 0; i < padded; i++)
            {
                weights[i] = i < k ? z[i] * z[i] : 0;
                poles[i] = i < k ? poles[i] : FarAway;
            }

            SecularEquation equation = new(poles, weights, k, rho, Masks(roots + padded), _space.RootIterations);
            if (!SolveRoots(equation, roots, k))
            {
                Iterations = -1;
                return;
            }

            int skip = Math.Max(0, k - wanted);
            Parallelism.Run((k + PartPoles - 1) / PartPoles, part => Revise(poles, z, revised, k, part * PartPoles));
            int[] place = Gather(deflation, out int firstRows, out int bothRows);
            FormVectors(revised, k, skip, place);
            Combine(k, skip, firstRows, bothRows);
        }

        Finish(deflation, roots);
    }

    /// <summary>z = Qᵀu/√2 and ρ = 2|e|: from the last column of the first block and the first column of the second.</summary>
    private double LoadVector(double* z)
    {
        double first = Math.Sqrt(0.5), second = Math.CopySign(first, Coupling);
        for (int row = _start; row < _end; row++)
            z[row - _start] = row < Middle ? first * _space.Rows[(row * _space.Stride) + Middle - 1] : second * _space.Rows[(row * _space.Stride) + Middle];
        return 2 * Math.Abs(Coupling);
    }

    private static double* Masks(double* memory)
    {
        for (int i = 0; i < 2 * Lane.Alignment; i++)
            memory[i] = i < Lane.Alignment ? 1 : 0;
        return memory;
    }

    private bool SolveRoots(SecularEquation equation, double* roots, int k)
    {
        int parts = (k + PartRoots - 1) / PartRoots;
        int[] most = new int[parts];
        Parallelism.Run(parts, part =>
        {
            for (int j = part * PartRoots; j < Math.Min((part + 1) * PartRoots, k); j++)
            {
                roots[j] = equation.Solve(j, Row(_space.Coefficients, j), out int iterations);
                most[part] = Math.Max(most[part], double.IsNaN(roots[j]) ? int.MaxValue : iterations);
            }
        });
        Iterations = most.Max();
        return Iterations < int.MaxValue;
    }

    private double* Row(double* matrix, int i) => matrix + ((_start + i) * _space.Stride) + _start;

    private void Revise(double* poles, double* z, double* revised, int k, int first)
    {
        int end = Math.Min(first + PartPoles, Lane.Pad(k));
        switch (Lane.Width)
        {
            case 8: Revise<Lanes512<double>, Vector512<double>>(poles, revised, k, first, end); break;
            case 4: Revise<Lanes256<double>, Vector256<double>>(poles, revised, k, first, end); break;
            case 2: Revise<Lanes128<double>, Vector128<double>>(poles, revised, k, first, end); break;
            default: Revise<LanesScalar<double>, double>(poles, revised, k, first, end); break;
        }

        for (int i = first; i < end; i++)
            revised[i] = i < k ? Math.CopySign(Math.Sqrt(-revised[i]), z[i]) : 0;
    }

    /// <summary>ẑ_i² = −∏_j (d_i − λ_j) / ∏_{j≠i} (d_i − d_j), the z² whose roots are exactly the λ_j found.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Revise<TLanes, TVector>(double* poles, double* revised, int k, int first, int end)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        for (int i = first; i < end; i++)
            revised[i] = 1;
        double* differences = Row(_space.Coefficients, 0);
        for (int j = 0; j < k; j++, differences += _space.Stride)
        {
            TVector pole = TLanes.Broadcast(poles[j]);
            int own = j & -TLanes.Count;
            for (int i = first; i < end; i += TLanes.Count)
            {
                if (i != own)
                {
                    TVector ratio = TLanes.Divide(TLanes.Load(differences + i), TLanes.Subtract(TLanes.Load(poles + i), pole));
                    TLanes.Store(revised + i, TLanes.Multiply(TLanes.Load(revised + i), ratio));
                    continue;
                }

                // The vector that holds pole j itself, whose factor has no denominator.
                for (int lane = i; lane < i + TLanes.Count; lane++)
                    revised[lane] *= lane == j ? differences[lane] : differences[lane] / (poles[lane] - poles[j]);
            }
        }
    }

    /// <summary>Copies the kept rows to the workspace, by kind, and the settled ones behind them; returns which pole is in which place.</summary>
    private int[] Gather(Deflation deflation, out int firstRows, out int bothRows)
    {
        int k = deflation.KeptCount, half = Middle - _start;
        Span<int> next = stackalloc int[3];
        next.Clear();
        foreach (HalfKind kind in deflation.Kinds.AsSpan(0, k))
            next[(int)kind]++;
        int rowsOfFirst = firstRows = next[0], rowsOfBoth = bothRows = next[1];
        next[2] = firstRows + bothRows;
        next[1] = firstRows;
        next[0] = 0;
        int[] place = new int[k];
        for (int i = 0; i < k; i++)
            place[next[(int)deflation.Kinds[i]]++] = i;

        Parallelism.Run((Size + PartRoots - 1) / PartRoots, part =>
        {
            for (int i = part * PartRoots; i < Math.Min((part + 1) * PartRoots, Size); i++)
            {
                int row = i < k ? deflation.Kept[place[i]] : deflation.Settled[i - k];
                Span<double> source = new(Row(_space.Rows, row - _start), Size), target = new(Row(_space.Gathered, i), Size);
                if (i < rowsOfFirst + rowsOfBoth || i >= k)
                    source[..half].CopyTo(target);
                if (i >= rowsOfFirst)
                    source[half..].CopyTo(target[half..]);
            }
        });
        return place;
    }

    /// <summary>v_j ∝ (ẑ_i / (d_i − λ_j))_i, normalised, entries in the order of the gathered rows.</summary>
    private void FormVectors(double* revised, int k, int skip, int[] place)
    {
        Parallelism.Run((k - skip + PartRoots - 1) / PartRoots, part =>
        {
            using Scratch<double> scratch = Scratch.Rent<double>(k);
            Span<double> vector = scratch.Span;
            int first = skip + (part * PartRoots), last = Math.Min(first + PartRoots, k);
            for (int j = first; j < last; j++)
            {
                double* row = Row(_space.Coefficients, j);
                TensorPrimitives.Divide(new ReadOnlySpan<double>(revised, k), new ReadOnlySpan<double>(row, k), vector);
                double scale = 1 / TensorPrimitives.Norm<double>(vector);
                for (int i = 0; i < place.Length; i++)
                    row[i] = vector[place[i]] * scale;
            }
        });
    }

    /// <summary>The vectors of the joined matrix: coefficients times gathered rows, in each half without the rows that are zero there.</summary>
    private void Combine(int k, int skip, int firstRows, int bothRows)
    {
        int half = Middle - _start;
        nint stride = _space.Stride;
        double* coefficients = Row(_space.Coefficients, skip), result = Row(_space.Rows, skip);
        MatrixProduct.Multiply(false, false, k - skip, half, firstRows + bothRows, 1.0, coefficients, stride, Row(_space.Gathered, 0), stride, 0.0, result, stride);
        MatrixProduct.Multiply(false, false, k - skip, Size - half, k - firstRows, 1.0, coefficients + firstRows, stride, Row(_space.Gathered, firstRows) + half, stride, 0.0, result + half, stride);
    }

    /// <summary>Puts the settled rows behind the new ones and merges the two ascending lists of values.</summary>
    private void Finish(Deflation deflation, double* roots)
    {
        int k = deflation.KeptCount, settled = deflation.SettledCount;
        Span<int> order = _space.Order.AsSpan(_start, Size);
        if (k == 0)
        {
            deflation.Settled.AsSpan(0, settled).CopyTo(order);
            return;
        }

        double[] values = new double[settled];
        for (int i = 0; i < settled; i++)
        {
            values[i] = _space.Values[deflation.Settled[i]];
            new ReadOnlySpan<double>(Row(_space.Gathered, k + i), Size).CopyTo(new Span<double>(Row(_space.Rows, k + i), Size));
        }

        for (int i = 0; i < Size; i++)
            _space.Values[_start + i] = i < k ? roots[i] : values[i - k];
        for (int i = 0, root = 0, other = 0; i < Size; i++)
            order[i] = _start + (other == settled || (root < k && roots[root] <= values[other]) ? root++ : k + other++);
    }
}
