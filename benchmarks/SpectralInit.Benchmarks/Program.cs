using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Running;
using SpectralInit.Benchmarks.Accuracy;
using SpectralInit.Benchmarks.ColdStart;
using SpectralInit.Benchmarks.Growth;
using SpectralInit.Benchmarks.Limits;
using SpectralInit.Benchmarks.Peers;
using SpectralInit.Benchmarks.Suites;

return args switch
{
    ["radius"] => RadiusCommand.Run(),
    ["peers", .. string[] rest] => PeersCommand.Run(rest),
    ["coldstart", .. string[] rest] => ColdStartCommand.Run(rest),
    ["coldstart-child"] => ColdStartCommand.RunChild(),
    ["growth", .. string[] rest] => GrowthCommand.Run(rest),
    ["accuracy", .. string[] rest] => EigenAccuracyCommand.Run(rest),
    ["eigenvalues", .. string[] rest] => EigenvaluesCommand.Run(rest),
    ["covariance-error", .. string[] rest] => CovarianceErrorCommand.Run(rest),
    ["short-rows", .. string[] rest] => ShortRowsCommand.Run(rest),
    ["limits", .. string[] rest] => LimitsCommand.Run(rest),
    ["--help" or "-h"] => Help(),
    _ => RunSuites(args),
};

static int Help()
{
    Console.WriteLine("""
        Measures the library, alone and beside its peers. benchmarks/results holds what these commands wrote.

          dotnet run -c Release --project benchmarks/SpectralInit.Benchmarks -- COMMAND

          peers [--case NAME …] [--json FILE] [--table FILE] [--repeats N] [--list]    beside OpenBLAS, NumPy, SciPy, scikit-learn, PyTorch, MathNet
          eigenvalues | accuracy | covariance-error | limits | short-rows | growth [--save FOLDER]
          coldstart [--ready-to-run FOLDER] [--save FOLDER]
          radius                                                                       sparse matrices, one by one
          --filter '*Suite*' [--slow] [options of BenchmarkDotNet]                     suites, listed by --list flat
        """);
    return 0;
}

static int RunSuites(string[] args)
{
    IConfig config = args.Contains(SlowCases.Flag) ? DefaultConfig.Instance : DefaultConfig.Instance.AddFilter(new SimpleFilter(benchmark => !SlowCases.Includes(benchmark)));
    BenchmarkSwitcher.FromAssembly(typeof(MachineLimits).Assembly).Run([.. args.Where(argument => argument != SlowCases.Flag)], config);
    return 0;
}
