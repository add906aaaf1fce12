namespace SpectralInit.Benchmarks;

/// <summary>The one option of commands that write a table: <c>--save FOLDER</c>.</summary>
internal static class SaveFolder
{
    /// <summary>The folder, made where there is none, or null without the option. False, with a message, for anything else on the command line.</summary>
    public static bool TryRead(string[] args, out string? folder)
    {
        folder = args is ["--save", string given] ? Directory.CreateDirectory(given).FullName : null;
        if (args.Length == 0 || folder is not null)
            return true;
        Console.Error.WriteLine($"'{string.Join(' ', args)}' is not understood here: use --save FOLDER, or nothing.");
        return false;
    }
}
