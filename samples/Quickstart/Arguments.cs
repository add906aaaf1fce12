using System.Globalization;

namespace Quickstart;

/// <summary>The command line.</summary>
internal sealed record Arguments(string? Data, int Outputs, ulong Seed, string Save, bool Help)
{
    public const string Usage = """
        Sets the weights of a dense layer from the spectrum of data, and compares them with random baselines.

        usage: dotnet run -c Release --project samples/Quickstart -- [options]

          --data FILE     IDX (plain or .gz), .npy, or CSV (plain or .gz; text columns are left out);
                          without it, 6,000 handwritten-like digits of 28×28 pixels are drawn
          --outputs K     units of the layer (default 128)
          --seed S        seed of the digits and of the random weights (default 1)
          --save DIR      where weights and pictures go (default quickstart-output)
          --help          this text
        """;

    /// <exception cref="ArgumentException">An option is unknown, lacks its value, or has a wrong one.</exception>
    public static Arguments Parse(string[] args)
    {
        Arguments result = new(null, 128, 1, "quickstart-output", false);
        for (int i = 0; i < args.Length; i++)
        {
            string option = args[i];
            string Value() => ++i < args.Length ? args[i] : throw new ArgumentException($"{option} needs a value.");
            result = option switch
            {
                "--data" => result with { Data = Value() },
                "--outputs" => result with { Outputs = ParseNumber<int>(option, Value(), 1) },
                "--seed" => result with { Seed = ParseNumber<ulong>(option, Value(), 0) },
                "--save" => result with { Save = Value() },
                "--help" or "-h" or "-?" => result with { Help = true },
                _ => throw new ArgumentException($"'{option}' is not an option."),
            };
        }

        if (result.Data is not null && !File.Exists(result.Data))
            throw new ArgumentException($"--data {result.Data}: there is no such file.");
        if (File.Exists(result.Save))
            throw new ArgumentException($"--save {result.Save}: that is a file; name a folder.");
        return result;
    }

    private static T ParseNumber<T>(string option, string text, T least)
        where T : struct, System.Numerics.INumber<T> =>
        T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out T value) && value >= least
            ? value
            : throw new ArgumentException($"{option} needs a whole number of at least {least}, not '{text}'.");
}
