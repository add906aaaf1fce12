using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpectralInit.Kernels;

/// <summary>
/// A merge without eigenvectors: of each only the first and the last entry are kept, which is what the next merge asks for, and its products with the few columns that are carried along.
/// </summary>
internal sealed unsafe class EntryMerge(in MergeSpace space, int start, int middle, int end, double coupling) : TearMerge(space, start, middle, end, coupling)
{
    // Values in a carried row.
    private const int Width = Lane.Alignment;

    protected override void LoadVector(double* z, double first, double second)
    {
        for (int row = Start; row < End; row++)
        {
            // Joined, the vectors of the first block end in zeros, and those of the second begin with them.
            ref double outer = ref row < Middle ? ref Space.LastEntries[row] : ref Space.FirstEntries[row];
            z[row - Start] = (row < Middle ? first : second) * outer;
            outer = 0;
        }
    }

    public override void Rotate(int x, int y, double cosine, double sine)
    {
        Turn(ref Space.FirstEntries[x], ref Space.FirstEntries[y]);
        Turn(ref Space.LastEntries[x], ref Space.LastEntries[y]);
        Span<double> carriedX = Space.CarriedRow(x), carriedY = Space.CarriedRow(y);
        for (int i = 0; i < carriedX.Length; i++)
            Turn(ref carriedX[i], ref carriedY[i]);

        void Turn(ref double first, ref double second)
            => (first, second) = ((cosine * first) + (sine * second), (cosine * second) - (sine * first));
    }

    protected override void FormRows(Deflation deflation, double* revised, int skip)
    {
        int k = deflation.KeptCount, settled = deflation.SettledCount, padded = Lane.Pad(k);
        using Scratch<double> scratch = Scratch.Rent<double>((2 * padded) + (2 * settled));
        double* first = scratch.Pointer, last = first + padded, others = last + padded;
        for (int i = 0; i < padded; i++)
        {
            first[i] = i < k ? revised[i] * Space.FirstEntries[deflation.Kept[i]] : 0;
            last[i] = i < k ? revised[i] * Space.LastEntries[deflation.Kept[i]] : 0;
        }

        for (int i = 0; i < settled; i++)
        {
            others[2 * i] = Space.FirstEntries[deflation.Settled[i]];
            others[(2 * i) + 1] = Space.LastEntries[deflation.Settled[i]];
        }

        int width = Space.CarriedWidth;
        using Scratch<double> gathered = Scratch.Rent<double>((long)Size * width);
        double* carried = gathered.Pointer;
        for (int i = 0; i < Size; i++)
            Space.CarriedRow(i < k ? deflation.Kept[i] : deflation.Settled[i - k]).CopyTo(Gathered(i));

        Parallelism.Run((k - skip + PartRoots - 1) / PartRoots, part =>
        {
            int from = skip + (part * PartRoots), to = Math.Min(from + PartRoots, k);
            switch (Lane.Width)
            {
                case 8: Entries<Lanes512<double>, Vector512<double>>(revised, first, last, carried, k, from, to); break;
                case 4: Entries<Lanes256<double>, Vector256<double>>(revised, first, last, carried, k, from, to); break;
                case 2: Entries<Lanes128<double>, Vector128<double>>(revised, first, last, carried, k, from, to); break;
                default: Entries<LanesScalar<double>, double>(revised, first, last, carried, k, from, to); break;
            }
        });
        for (int i = 0; i < settled; i++)
        {
            Space.FirstEntries[Start + k + i] = others[2 * i];
            Space.LastEntries[Start + k + i] = others[(2 * i) + 1];
            Gathered(k + i).CopyTo(Space.CarriedRow(Start + k + i));
        }

        Span<double> Gathered(int i) => new(carried + ((nint)i * width), width);
    }

    /// <summary>The first and the last entry of Σ v_i·row_i with v ∝ (ẑ_i / (d_i − λ_j))_i of length 1, and that combination of the carried rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Entries<TLanes, TVector>(double* revised, double* first, double* last, double* carried, nint k, int from, int to)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        TVector one = TLanes.Broadcast(1);
        for (int j = from; j < to; j++)
        {
            double* differences = Row(Space.Coefficients, j);
            TVector square = TLanes.Zero, atFirst = TLanes.Zero, atLast = TLanes.Zero;
            for (nint i = 0; i < k; i += TLanes.Count)
            {
                TVector inverse = TLanes.Divide(one, TLanes.Load(differences + i)), entry = TLanes.Multiply(TLanes.Load(revised + i), inverse);
                TLanes.Store(differences + i, entry);
                square = TLanes.MultiplyAdd(entry, entry, square);
                atFirst = TLanes.MultiplyAdd(TLanes.Load(first + i), inverse, atFirst);
                atLast = TLanes.MultiplyAdd(TLanes.Load(last + i), inverse, atLast);
            }

            double scale = 1 / Math.Sqrt(TLanes.Sum(square));
            Space.FirstEntries[Start + j] = TLanes.Sum(atFirst) * scale;
            Space.LastEntries[Start + j] = TLanes.Sum(atLast) * scale;
            double* row = Space.Carried + ((nint)(Start + j) * Width);
            for (int column = 0; column < Space.CarriedWidth; column += TLanes.Count)
            {
                TVector even = TLanes.Zero, odd = TLanes.Zero;
                nint i = 0;
                for (; i + 1 < k; i += 2)
                {
                    even = TLanes.MultiplyAdd(TLanes.Broadcast(differences[i]), TLanes.Load(carried + (i * Width) + column), even);
                    odd = TLanes.MultiplyAdd(TLanes.Broadcast(differences[i + 1]), TLanes.Load(carried + ((i + 1) * Width) + column), odd);
                }

                if (i < k)
                    even = TLanes.MultiplyAdd(TLanes.Broadcast(differences[i]), TLanes.Load(carried + (i * Width) + column), even);
                TLanes.Store(row + column, TLanes.Multiply(TLanes.Add(even, odd), TLanes.Broadcast(scale)));
            }
        }
    }
}
