// How hard the pictures of `shapes` are for what looks at pixels alone, and what drawing one costs: shapes_bench [trained] [tested] [seed].
// No assertions; not a ctest.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "core/pictures/shapes.h"
#include "tests/core/pictures/simple_classifiers.h"

int main(int argc, char** argv) {
    using namespace lab::picture_testing;
    const int trained = argc > 1 ? std::atoi(argv[1]) : 50000, tested = argc > 2 ? std::atoi(argv[2]) : 2000;
    const auto seed = static_cast<std::uint64_t>(argc > 3 ? std::atoi(argv[3]) : 42);
    const auto start = std::chrono::steady_clock::now();
    const Pixels train(lab::ShapesSource(seed, "train", trained), trained), test(lab::ShapesSource(seed, "test", tested), tested);
    const std::chrono::duration<double> drawing = std::chrono::steady_clock::now() - start;
    std::printf("drawing %.1f us a picture\n", 1e6 * drawing.count() / (trained + tested));
    const auto linear = std::make_unique<LogisticRegression>();
    linear->learn(train, 8);
    std::printf("logistic regression on pixels %.4f\n", linear->accuracy(test));
    std::printf("nearest neighbour %.4f\n", nearestNeighbourAccuracy(train, test));
    return 0;
}
