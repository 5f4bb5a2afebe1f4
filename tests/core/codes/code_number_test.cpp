#include "core/codes/code_number.h"

#include <QtTest>
#include <set>

#include "core/base/errors.h"

using namespace lab;
using codes::Code;
using goedel::Natural;

class CodeNumberTest : public QObject {
    Q_OBJECT

private slots:
    void theNumberIsMixedRadix() {
        const BottleneckShape shape{3, 4, 1};
        QCOMPARE(codes::numberOf(shape, {3, 0, 2}).toU64(), std::uint64_t{3 + 2 * 16});
        QCOMPARE(codes::largestNumber(shape).toU64(), std::uint64_t{63});
        std::set<std::uint64_t> seen;
        for (std::uint64_t number = 0; number < 64; ++number) {
            const Code code = codes::codeOfNumber(shape, number);
            QCOMPARE(code.size(), std::size_t{3});
            QCOMPARE(codes::numberOf(shape, code).toU64(), number);
        }
    }

    void largeOnesComeBack() {
        const BottleneckShape shape{64, 256, 1};  // 512 bits
        Code code;
        for (int m = 0; m < 64; ++m) code.push_back(m * 37 % 256);
        QCOMPARE(codes::codeOfNumber(shape, codes::numberOf(shape, code)), code);
        const Code all(64, 255);
        QVERIFY(codes::numberOf(shape, all) == codes::largestNumber(shape));
        const BottleneckShape larger{256, 256, 1};  // which no double holds
        const Natural largest = codes::largestNumber(larger);
        QVERIFY(std::isinf(largest.toDouble()));
        QVERIFY(std::abs(codes::distanceAsShare(largest, 0, largest) - 1) < 1e-9);
        QCOMPARE(codes::distanceAsShare(largest, largest, largest), 0.0);
        QVERIFY(std::abs(codes::distanceAsShare(10, 4, 24) - 0.25) < 1e-12);
    }

    void whatIsNoCodeIsNamed() {
        const BottleneckShape shape{3, 4, 1};
        const auto refusal = [&](auto work) {
            try {
                work();
            } catch (const InputError& error) {
                return error.message().english();
            }
            return std::string();
        };
        QCOMPARE(refusal([&] { (void)codes::codeOfNumber(shape, 64); }),
                 std::string("No code has this number: with 3 slots of 4 codes the largest is 63."));
        QCOMPARE(refusal([&] {
                     codes::checkCode(shape, {1, 2});
                 }),
                 std::string("A code of this model has a number for each of its 3 slots, not 2."));
        QCOMPARE(refusal([&] { codes::checkCode(shape, {1, 4, 0}); }), std::string("Slot 1 has the codes 0 .. 3, and 4 is none of them."));
        QCOMPARE(refusal([&] { codes::checkCode(shape, {1, 3, 0}); }), std::string());
    }
};

QTEST_APPLESS_MAIN(CodeNumberTest)
#include "code_number_test.moc"
