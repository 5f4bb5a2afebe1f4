#include <QProcess>
#include <QtTest>

#include <cmath>

#include "core/explain/statements/wrong_code.h"
#include "tests/python.h"

using namespace lab;
using namespace lab::explain;

namespace {

QString pythonList(const std::vector<double>& values) {
    QStringList texts;
    for (const double value : values) texts << QString::number(value, 'g', 17);
    return QStringLiteral("[%1]").arg(texts.join(','));
}

QString array(const char* name, const std::vector<double>& values, const QString& shape) {
    return QStringLiteral("%1 = np.array(%2).reshape(%3)\n").arg(QLatin1String(name), pythonList(values), shape);
}

std::vector<double> made(int count, double step) {
    std::vector<double> values;
    for (int i = 0; i < count; ++i) values.push_back(std::sin(step * i + 0.3));
    return values;
}

std::vector<double> flat(const Rows& rows) {
    std::vector<double> values;
    for (const auto& row : rows) values.insert(values.end(), row.begin(), row.end());
    return values;
}

Rows inRows(const std::vector<double>& values, std::size_t columns) {
    Rows rows;
    for (std::size_t at = 0; at < values.size(); at += columns)
        rows.emplace_back(values.begin() + static_cast<std::ptrdiff_t>(at), values.begin() + static_cast<std::ptrdiff_t>(at + columns));
    return rows;
}

}  // namespace

/// The listings beside the statements, run by Python itself: they compute what this program computes.
class WrongCodeListingsTest : public QObject {
    Q_OBJECT

    QString m_python;

    /// The numbers of `result` after the listing has run.
    std::vector<double> run(const Listing& listing, const QString& before, const char* result) {
        QProcess process;
        process.start(m_python,
                      {"-c", "import numpy as np\n" + before + QString::fromUtf8(listing.code) +
                                 QStringLiteral("\nprint(' '.join(repr(float(x)) for x in %1.ravel()))").arg(QLatin1String(result))});
        process.waitForFinished(60000);
        if (process.exitCode() != 0) qWarning("%s", process.readAllStandardError().constData());
        std::vector<double> values;
        for (const QByteArray& number : process.readAllStandardOutput().simplified().split(' ')) values.push_back(number.toDouble());
        return values;
    }

    static void compare(const std::vector<double>& found, const std::vector<double>& wanted) {
        QCOMPARE(found.size(), wanted.size());
        for (std::size_t i = 0; i < found.size(); ++i) QVERIFY(std::abs(found[i] - wanted[i]) < 1e-12 * std::max(1.0, std::abs(wanted[i])));
    }

private slots:
    void initTestCase() {
        m_python = lab::testing::pythonWith("numpy");
        if (m_python.isEmpty()) QSKIP("There is no python3 with numpy to run the listings.");
    }

    void overHeads() {
        const PositionHeads in{5, 4, 2, 3, made(60, 0.7), made(30, 1.1), made(30, 1.9)};
        const QString before = array("q", in.q, "5, 4, 3") + array("k", in.k, "5, 2, 3") + array("v", in.v, "5, 2, 3");
        compare(run(listings::overHeads[0], before, "out"), attentionOverHeads(in));
        compare(run(listings::overHeads[1], before, "out"), attentionOverPositions(in));
    }

    void rotationAndMask() {
        const std::vector<double> q = made(20, 0.7), k = made(20, 1.1), v = made(20, 1.9);
        const Rows qs = inRows(q, 4), ks = inRows(k, 4), vs = inRows(v, 4);
        const QString before = array("q", q, "5, 4") + array("k", k, "5, 4") + array("v", v, "5, 4") + "base = 10000.0\n";
        const std::vector<double> plain = flat(mixed(weightsOf(qs, ks, false), vs));
        compare(run(listings::rotation[0], before, "out"), plain);
        compare(run(listings::rotation[1], before, "out"), flat(mixed(weightsOf(rotated(qs, 1e4), rotated(ks, 1e4), false), vs)));
        compare(run(listings::mask[0], before, "out"), plain);
        compare(run(listings::mask[1], before, "out"), flat(mixed(weightsOf(qs, ks, true), vs)));
        compare(run(listings::bag[0], before, "out"), plain);
        compare(run(listings::bag[1], before, "out"), flat(mixed(weightsOf(rotated(qs, 1e4), rotated(ks, 1e4), true), vs)));
    }

    void longRopes() {
        const std::vector<double> lambda{1, 1.5, 2.5, 4};
        const QString before = "base, d, scaling = 10000.0, 8, 4.0\n" + array("lam", lambda, "4");
        compare(run(listings::longRope[0], before, "theta"), scaledExponent(1e4, 8, 4.0));
        compare(run(listings::longRope[1], before, "theta"), exponentTwice(1e4, 8));
        compare(run(listings::longRope[2], before, "theta"), lab::explain::longRope(1e4, 8, lambda));
    }
};

QTEST_APPLESS_MAIN(WrongCodeListingsTest)
#include "wrong_code_listings_test.moc"
