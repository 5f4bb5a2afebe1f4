#include "ui/pages/memory/recall_figure.h"

#include <QCoreApplication>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "core/base/number_text.h"
#include "ui/pages/memory/snapshot_strip.h"
#include "ui/widgets/format.h"
#include "ui/widgets/plot/plot.h"

namespace lab {
namespace {

struct RecallFigureText {
    Q_DECLARE_TR_FUNCTIONS(RecallFigure)
};

constexpr double figureWidth = 680, snapshotHeight = 120, plotHeight = 220;  // logical px
constexpr int mostFrames = 120;

FigureTable energyTable(const RecallStudy& study) {
    FigureTable table;
    table.header = {"update", "unit", "energy", "flipped"};
    std::size_t flip = 0;
    for (int update = 0; update <= study.updates(); ++update) {
        const std::size_t first = flip;
        while (flip < study.recall.flips.size() && study.recall.flips[flip].update == update) ++flip;
        const bool visited = update > 0 && !study.recall.order.empty();
        table.rows.push_back({std::to_string(update),
                              visited ? std::to_string(study.recall.order[static_cast<std::size_t>(update - 1)]) : "",
                              numberText(study.recall.energies[static_cast<std::size_t>(update)]), std::to_string(flip - first)});
    }
    return table;
}

std::unique_ptr<Figure> recallFigure(const RecallStudyPtr& study, int shown) {
    auto figure = std::make_unique<PartsFigure>();
    figure->title = RecallFigureText::tr("Remembering %1").arg(QString::fromStdString(study->chosen().name));
    const Recall& recall = study->recall;
    const auto at = static_cast<std::size_t>(std::clamp(shown, 0, study->updates()));
    figure->caption = RecallFigureText::tr("%1, %2 patterns of %3 pixels. After update %4: energy %5, %6 pixels wrong (crosses).")
                          .arg(memorySubject(study->value).run, QString::number(study->value.patterns.size()),
                               QString::number(study->net->units()), grouped(static_cast<std::int64_t>(at)), fixed(recall.energies[at], 1),
                               QString::number(study->wrongAfter(static_cast<int>(at))));
    figure->body = QSizeF(figureWidth, snapshotHeight + plotHeight);
    auto plot = std::make_shared<Plot>(RecallFigureText::tr("Energy"));
    plot->setXTitle(RecallFigureText::tr("updates"));
    showEnergy(*plot, study, shown);
    const auto paint = [study, shown, plot](QPainter& painter, const QSizeF& room) {
        plot->resize(room.toSize());
        SnapshotStrip::paint(painter, QRectF(QPointF(), room), *study, shown, [&](double update) { return plot->place(update, 0).x(); });
    };
    figure->parts.push_back({QString(), QRectF(0, 0, figureWidth, snapshotHeight), nullptr, nullptr, paint});
    figure->parts.push_back({QString(), QRectF(0, snapshotHeight, figureWidth, plotHeight), plot});
    figure->numbers = energyTable(*study);
    return figure;
}

/// One picture after the other, from the query to the end.
class RecallFilm : public FilmSource {
public:
    explicit RecallFilm(RecallStudyPtr study) : m_study(std::move(study)) {}

    int count() const override { return std::min(mostFrames, m_study->updates() + 1); }
    std::int64_t stepOf(int frame) const override {
        return count() < 2 ? 0 : std::lround(static_cast<double>(frame) * m_study->updates() / (count() - 1));
    }
    void request(int frame) override {
        const int update = static_cast<int>(stepOf(frame));
        QMetaObject::invokeMethod(
            this, [this, update] { emit ready(recallFigure(m_study, update)); }, Qt::QueuedConnection);
    }

private:
    RecallStudyPtr m_study;
};

}  // namespace

void showEnergy(Plot& plot, const RecallStudyPtr& study, int shown) {
    if (!study) {
        plot.setSeries({});
        plot.setLevel(std::nullopt);
        return plot.setHand(std::nullopt);
    }
    const std::vector<double>& energies = study->recall.energies;
    const double stored = study->net->energy(study->chosen().states);
    PlotSeries series{.name = RecallFigureText::tr("energy"), .role = Role::series1};
    const int end = std::clamp(shown, 0, study->updates());
    for (int update = 0; update <= end; ++update) {
        series.x.push_back(update);
        series.y.push_back(energies[static_cast<std::size_t>(update)]);
    }
    const auto [low, high] = std::ranges::minmax(energies);
    const double room = std::max(1.0, std::max(high, stored) - std::min(low, stored)) * 0.08;
    plot.setXRange(0, std::max(1, study->updates()));
    plot.setYRange(std::pair(std::min(low, stored) - room, std::max(high, stored) + room));
    plot.setLevel(stored, RecallFigureText::tr("stored %1 %2").arg(QString::fromStdString(study->chosen().name), fixed(stored, 1)));
    plot.setSeries({std::move(series)});
    plot.setHand(end, RecallFigureText::tr("update %1").arg(end));
}

FigureSubject memorySubject(const MemoryValue& value) {
    return {RecallFigureText::tr("Hopfield memory, %1").arg(ruleTitle(value.rule))};
}

FigureOffer recallOffer(const RecallStudyPtr& study, int shown) {
    return {
        .name = RecallFigureText::tr("Remembering"),
        .fileName = fileNameOf(RecallFigureText::tr("memory %1 update %2").arg(QString::fromStdString(study->chosen().name)).arg(shown)),
        .make = [=] { return recallFigure(study, shown); },
        .makeFilm = [study] { return std::make_unique<RecallFilm>(study); },
        .still = true,
        .subject = memorySubject(study->value).run};
}

}  // namespace lab
