using SpectralInit.Kernels;

namespace SpectralInit.Evidence;

/// <summary>Successive independent draws of one named made set.</summary>
internal sealed class Draws(string name)
{
    private readonly ulong _seed = Seeds.Derive(20240101, name);
    private ulong _stream;

    public float[] Normal(int count)
    {
        float[] values = new float[count];
        RandomFill.Normal(values.AsSpan(), 0, 1, _seed, _stream++);
        return values;
    }

    public float[] Uniform(int count)
    {
        float[] values = new float[count];
        RandomFill.Uniform(values.AsSpan(), 0, 1, _seed, _stream++);
        for (int i = 0; i < count; i++)
            values[i] = MathF.Min(values[i], 0.99999994f);
        return values;
    }
}
