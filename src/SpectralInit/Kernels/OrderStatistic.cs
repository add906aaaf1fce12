namespace SpectralInit.Kernels;

/// <summary>The k-th smallest of many values without sorting them all (Hoare, "Algorithm 65: Find", 1961).</summary>
internal static class OrderStatistic
{
    /// <summary>Reorders so that values[k] is what sorting would put there, nothing before it is larger and nothing behind it smaller. No NaN.</summary>
    public static double Place(Span<double> values, int k)
    {
        int low = 0, high = values.Length - 1;

        // Should the pivots be bad again and again, sorting what is left bounds the work.
        for (int round = 0; low < high; round++)
        {
            if (round > 64)
            {
                values[low..(high + 1)].Sort();
                break;
            }

            double a = values[low], b = values[low + ((high - low) / 2)], c = values[high];
            double pivot = Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
            int i = low, j = high;
            while (i <= j)
            {
                while (values[i] < pivot)
                    i++;
                while (values[j] > pivot)
                    j--;
                if (i > j)
                    break;
                (values[i], values[j]) = (values[j], values[i]);
                i++;
                j--;
            }

            if (k <= j)
                high = j;
            else if (k >= i)
                low = i;
            else
                break;
        }

        return values[k];
    }
}
