// Speed of the kernels, one thread: kernel_bench [isa] [part of a name]. Prints the best of several runs, products with their share of a
// peak that is measured in turn with them: a processor's clock wanders. No assertions; not a ctest.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "core/base/kind.h"
#include "core/base/random.h"
#include "core/ops/kernels.h"
#include "core/optimizers/update_rule.h"
#include "core/tensor/weights.h"

namespace {

using lab::Kernels;

double seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

template <class Work>
double timeOf(int calls, Work work) {
    const double begin = seconds();
    for (int i = 0; i < calls; ++i) work();
    return (seconds() - begin) / calls;
}

/// Best time of one call, over some 30 ms; `between` is called before each run.
template <class Work, class Between>
double bestTime(Work work, Between between) {
    work();
    int calls = 1;
    while (timeOf(calls, work) * calls < 1e-3) calls *= 2;
    double best = 1e9;
    for (int run = 0; run < 25; ++run) {
        between();
        best = std::min(best, timeOf(calls, work));
    }
    return best;
}

template <class Work>
double bestTime(Work work) {
    return bestTime(work, [] {});
}

lab::AlignedVector<float> numbers(std::size_t n, float size = 1) {
    lab::AlignedVector<float> x(n);
    const lab::RandomStream random(1, n);
    for (std::size_t i = 0; i < n; ++i) x[i] = size * static_cast<float>(random.uniform(i) - 0.5);
    return x;
}

class Bench {
public:
    Bench(const Kernels<float>& kernels, std::string filter) : k(kernels), m_filter(std::move(filter)) {
        measurePeak();
        std::printf("%s: peak %.1f GFLOP/s\n", k.isa, m_peak * 1e-9);
    }

    void products() {
        for (const int d : {32, 64, 128, 256}) {
            product("layer", 512, d, d, d, d, d);
            product("layer", 512, 3 * d, d, d, 3 * d, 3 * d);
            product("layer", 512, d, 2 * d, 2 * d, d, d);
            product("weights", d, 3 * d, 512, d, 3 * d, 3 * d);
            product("weights", 2 * d, d, 512, 2 * d, d, d);
        }
        constexpr int sets = 24, d = 256;
        product("far layer", 512, d, d, d, d, d, sets);
        product("far layer", 512, 3 * d, d, d, 3 * d, 3 * d, sets);
        product("far layer", 512, 2 * d, d, d, 2 * d, 2 * d, sets);
        product("far layer", 512, d, 2 * d, 2 * d, d, d, sets);
        product("far layer", 512, d, 3 * d, 3 * d, d, d, sets);
        product("far weights", d, 3 * d, 512, d, 3 * d, 3 * d, sets);
        product("far weights", 2 * d, d, 512, 2 * d, d, d, sets);
        product("far weights", d, 2 * d, 512, d, 2 * d, 2 * d, sets);
        product("classes", 512, 10, 64, 64, 10, 10);
        product("classes", 512, 65, 128, 128, 65, 65);
        product("classes", 512, 1, 64, 64, 1, 1);
        product("odd", 511, 47, 33, 33, 47, 47);
        for (const int n : {16, 64, 128}) {
            for (const int head : {16, 32, 64, 128}) {
                product("scores", n, n, head, 6 * head, n, n);
                product("mix", n, head, n, n, 6 * head, 2 * head);
                product("dkeys", n, head, n, n, 6 * head, 6 * head);
            }
        }
    }

    void others() {
        for (const int n : {16, 64, 128}) softmax(1024, n);
        for (const int d : {32, 64, 128, 256}) norms(512, d);
        for (const int n : {16, 64, 128}) {
            for (const int head : {16, 32, 64, 128}) {
                for (const bool causal : {false, true}) attention(n, head, causal);
            }
        }
        for (const int classes : {10, 65}) loss(512, classes);
        for (const int head : {16, 32, 64}) transposes(64, head);
        activations(512 * 128);
        vectors(100000);
    }

private:
    void measurePeak() {
        float sink = 0;
        double flops = 0;
        const double time = timeOf(1, [&] { flops = k.peak(20000, &sink); });
        m_peak = std::max(m_peak, flops / time);
    }

    /// The best time of a call and, in turn with it, the peak.
    template <class Work>
    double besidePeak(Work work) {
        m_peak = 0;
        return bestTime(work, [this] { measurePeak(); });
    }

    void line(const char* name, double time, double elements, const char* sizes) {
        std::printf("%-24s %-22s %10.2f us %8.3f ns/element\n", name, sizes, time * 1e6, time * 1e9 / elements);
    }

    bool wanted(const std::string& name) const { return name.find(m_filter) != std::string::npos; }

    /// Of several sets of operands, taken in turn, none is in the second cache when its turn comes.
    void product(const std::string& name, int M, int N, int K, int lda, int ldb, int ldc, int sets = 1) {
        if (!wanted(name)) return;
        const bool transposed = name == "weights" || name == "dkeys" || name == "far weights";
        const auto sizeA = static_cast<std::size_t>(transposed ? K : M) * lda, sizeB = static_cast<std::size_t>(K) * ldb,
                   sizeC = static_cast<std::size_t>(M) * ldc;
        const auto a = numbers(sets * sizeA), b = numbers(sets * sizeB);
        lab::AlignedVector<float> c(sets * sizeC);
        const auto multiply = transposed ? k.gemmTransposedA : k.gemm;
        std::size_t set = 0;
        const double time = besidePeak([&] {
            multiply(M, N, K, &a[set * sizeA], lda, &b[set * sizeB], ldb, &c[set * sizeC], ldc, transposed && sets > 1);
            set = (set + 1) % static_cast<std::size_t>(sets);
        });
        const double rate = 2.0 * M * N * K / time;
        std::printf("%-11s M %4d N %4d K %4d ld %4d %4d %4d %10.2f us %7.1f GFLOP/s %5.1f %%\n", name.c_str(), M, N, K, lda, ldb, ldc,
                    time * 1e6, rate * 1e-9, 100 * rate / m_peak);
    }

    template <class Work>
    void run(const char* name, int rows, int n, Work work) {
        if (!wanted(name)) return;
        const std::string sizes = std::to_string(rows) + " x " + std::to_string(n);
        line(name, bestTime(work), static_cast<double>(rows) * n, sizes.c_str());
    }

    void softmax(int rows, int n) {
        const std::size_t size = static_cast<std::size_t>(rows) * n;
        auto x = numbers(size), d = numbers(size);
        run("softmaxForward", rows, n, [&] { k.softmaxForward(rows, n, 0.3f, nullptr, x.data(), n); });
        run("softmaxBackward", rows, n, [&] { k.softmaxBackward(rows, n, 1.0f, x.data(), n, d.data(), n); });
    }

    /// One of two heads of a sequence, as it lies in the projection.
    void attention(int n, int dim, bool causal) {
        if (!wanted("attention")) return;
        const int ld = 6 * dim;
        const auto x = numbers(static_cast<std::size_t>(n) * ld), dout = numbers(static_cast<std::size_t>(n) * 2 * dim);
        lab::AlignedVector<float> stored(lab::attentionStored(n, n, causal)), scratch(lab::attentionScratch(n, dim)), out(dout.size()),
            dx(x.size());
        const lab::AttentionHead<float> head{n, n, dim, causal, 0.2f, 0, nullptr, x.data(), x.data() + dim, x.data() + 2 * dim, ld, ld, ld};
        const lab::AttentionHeadGradient<float> gradient{dout.data(), dx.data(), dx.data() + dim, dx.data() + 2 * dim, 2 * dim, ld, ld, ld,
                                                         false,       nullptr,   nullptr};
        const double forward = besidePeak([&] { k.attentionForward(head, stored.data(), out.data(), 2 * dim, scratch.data()); });
        const double backward = bestTime([&] { k.attentionBackward(head, stored.data(), gradient, scratch.data()); });
        const double flops = 4.0 * n * n * dim;
        std::printf("attention  n %4d head dim %4d %-7s forward %8.2f us %5.1f %%, backward %8.2f us %5.1f %%\n", n, dim,
                    causal ? "causal" : "", forward * 1e6, 100 * flops / forward / m_peak, backward * 1e6, 200 * flops / backward / m_peak);
    }

    void norms(int rows, int n) {
        const std::size_t size = static_cast<std::size_t>(rows) * n;
        const auto x = numbers(size), residual = numbers(size), gamma = numbers(n), dy = numbers(size);
        lab::AlignedVector<float> hat(size), y(size), inverse(rows), dgamma(n), dbeta(n), dz(size);
        run("layerNormForward", rows, n, [&] {
            k.layerNormForward(rows, n, 1e-5f, x.data(), residual.data(), gamma.data(), gamma.data(), gamma.data(), hat.data(),
                               inverse.data(), y.data());
        });
        run("layerNormBackward", rows, n, [&] {
            k.layerNormBackward(rows, n, dy.data(), hat.data(), inverse.data(), gamma.data(), dz.data(), dgamma.data(), dbeta.data());
        });
        run("addBias", rows, n, [&] { k.addBias(rows, n, gamma.data(), y.data(), n); });
        run("addColumnSums", rows, n, [&] { k.addColumnSums(rows, n, dy.data(), n, dgamma.data()); });
    }

    void loss(int rows, int classes) {
        const auto logits = numbers(static_cast<std::size_t>(rows) * classes, 4);
        lab::AlignedVector<float> gradient(logits.size());
        std::vector<signed char> correct(rows);
        std::vector<int> targets(rows);
        for (int r = 0; r < rows; ++r) targets[r] = r * 7 % classes;
        run("crossEntropy", rows, classes, [&] {
            k.crossEntropy(rows, classes, logits.data(), classes, targets.data(), 0.01f, gradient.data(), classes, correct.data());
        });
    }

    void transposes(int rows, int n) {
        const auto x = numbers(static_cast<std::size_t>(rows) * 6 * n);
        lab::AlignedVector<float> y(static_cast<std::size_t>(rows) * n);
        run("transpose", rows, n, [&] { k.transpose(rows, n, x.data(), 6 * n, y.data(), rows); });
    }

    void activations(int n) {
        const auto x = numbers(n, 4), dy = numbers(n);
        lab::AlignedVector<float> y(n), up(n);
        run("reluForward", 1, n, [&] { k.reluForward(n, x.data(), y.data()); });
        run("geluForward", 1, n, [&] { k.geluForward(n, x.data(), y.data()); });
        run("geluBackward", 1, n, [&] { k.geluBackward(n, x.data(), dy.data(), y.data()); });
        run("geluTanhForward", 1, n, [&] { k.geluTanhForward(n, x.data(), y.data()); });
        run("geluTanhBackward", 1, n, [&] { k.geluTanhBackward(n, x.data(), dy.data(), y.data()); });
        run("swigluForward", 1, n, [&] { k.swigluForward(n, x.data(), dy.data(), y.data()); });
        run("swigluBackward", 1, n, [&] { k.swigluBackward(n, x.data(), dy.data(), dy.data(), y.data(), up.data()); });
    }

    void vectors(int n) {
        auto w = numbers(n), m = numbers(n), v = numbers(n);
        const auto g = numbers(n);
        for (float& e : v) e *= e;
        const double factors[] = {0.9, 0.999, 1e-8};
        const auto adam = updateKernel(*lab::Kind<lab::UpdateRule>("adam"), k);
        run("adam", 1, n, [&] { adam({2, 1e-3, 1, 1}, factors, {n, 0, 0, false, g.data(), w.data(), m.data(), v.data(), nullptr, k}); });
        run("sumOfSquares", 1, n, [&] { k.sumOfSquares(n, g.data()); });
        run("add", 1, n, [&] { k.add(n, g.data(), w.data()); });
        run("dropout", 1, n, [&] { k.dropout(n, 0.1, {1, 2}, m.data()); });
    }

    const Kernels<float>& k;
    std::string m_filter;
    double m_peak = 0;
};

}  // namespace

int main(int count, char** arguments) {
    const Kernels<float>* kernels = count > 1 ? lab::kernelsFor(arguments[1]) : &lab::kernels<float>();
    if (!kernels) {
        std::fprintf(stderr, "kernel_bench: this processor or build has no \"%s\" kernels.\n", arguments[1]);
        return 2;
    }
    Bench bench(*kernels, count > 2 ? arguments[2] : "");
    bench.products();
    bench.others();
}
