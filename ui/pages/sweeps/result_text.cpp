#include "ui/pages/sweeps/result_text.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "ui/scenes/measure_words.h"
#include "ui/widgets/format.h"

namespace lab {
namespace {

struct ResultTextWords {
    Q_DECLARE_TR_FUNCTIONS(Sweeps)
};

/// The title of a column that the results have; the file's name without its underscores for others.
QString resultTextTitleOf(const std::string& name, Measure measure) {
    if (name == "train_loss") return ResultTextWords::tr("train loss");
    if (name == "validation_loss") return ResultTextWords::tr("validation loss");
    if (name == "validation_accuracy") return ResultTextWords::tr("validation %1 %").arg(measurePhrase(measure));
    if (name == "test_loss") return ResultTextWords::tr("test loss");
    if (name == "test_accuracy") return ResultTextWords::tr("test %1 %").arg(measurePhrase(measure));
    if (name == "steps") return ResultTextWords::tr("steps");
    if (name == "seconds") return ResultTextWords::tr("seconds");
    return ResultTextWords::tr("parameters");
}

/// For a column that must be narrow.
QString shortTitleOf(const std::string& name, Measure measure) {
    if (name == "validation_loss") return ResultTextWords::tr("val. loss");
    if (name == "validation_accuracy") return ResultTextWords::tr("val. %1 %").arg(measureBrief(measure));
    if (name == "test_accuracy") return ResultTextWords::tr("test %1 %").arg(measureBrief(measure));
    return resultTextTitleOf(name, measure);
}

}  // namespace

QString ResultNumber::text(std::optional<double> value) const {
    return value ? written(*value * factor) : QStringLiteral("\u2013");
}

QString ResultNumber::written(double shown) const {
    return decimals == 0 ? grouped(std::llround(shown)) : fixed(shown, decimals);
}

ResultNumber resultNumber(const ResultsTable& table, ResultColumn column) {
    ResultNumber number{column, columnName(table, column), {}, {}};
    number.title = resultTextTitleOf(number.name, table.loss);
    number.shortTitle = shortTitleOf(number.name, table.loss);
    number.isLoss = number.name.ends_with("loss");
    if (number.name.ends_with("accuracy")) {
        number.factor = number.most = 100;
        number.decimals = 2;
    } else if (number.isLoss) {
        number.decimals = 4;
    } else if (number.name == "seconds") {
        number.decimals = 1;
    }
    return number;
}

ColorScaling roundScaling(double low, double high, double most) {
    if (!(high > low)) high = low + (low == 0 ? 1 : std::abs(low) * 0.04);
    const double least = (high - low) / 4;
    const double power = std::pow(10.0, std::floor(std::log10(least)));
    for (const double step : {1.0, 2.0, 5.0, 10.0, 20.0, 50.0}) {
        const double reach = 4 * step * power;
        const double begin = std::min(std::floor(low / (step * power)) * step * power, most - reach);
        if (begin <= low && begin + reach >= high) return {ColorMap::Kind::trace, begin, begin + reach};
    }
    return {ColorMap::Kind::trace, low, high};
}

QString rowTitle(const SweepRows& rows, std::size_t place) {
    return QString::fromStdString(shortDescription(rows.table.keys, rows.table.rows[place].cells));
}

}  // namespace lab
