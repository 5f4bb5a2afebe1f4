#include "ui/pages/maps/views_figures.h"

#include <QCoreApplication>

#include "ui/pages/maps/ablation_view.h"
#include "ui/pages/maps/flow_view.h"
#include "ui/pages/maps/heads_view.h"
#include "ui/widgets/format.h"
#include "ui/widgets/table/table_figure.h"

namespace lab {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(MapsViewsFigures)
};

FigureOffer tableOffer(const QString& name, const QString& caption, const DataTable& view, const FigureSubject& subject,
                       const QString& prefix) {
    QString said = caption + QLatin1Char(' ') + Words::tr("'%1' after step %2.").arg(subject.run, grouped(subject.step));
    if (!subject.input.isEmpty()) said += QLatin1Char(' ') + Words::tr("Input: %1.").arg(subject.input);
    return {name, prefix + fileNameOf(name), [=, table = TableFigure(view)]() -> std::unique_ptr<Figure> {
                auto figure = std::make_unique<TableFigure>(table);
                figure->title = name;
                figure->caption = said;
                return figure;
            }};
}

void addParts(std::vector<FigureOffer>& offers, const QWidget& view, const FigureSubject& subject, const QString& prefix) {
    for (const PartFigure& part : partFigures(view, subject)) offers.push_back({part.name, prefix + fileNameOf(part.name), part.make});
}

}  // namespace

std::vector<FigureOffer> headsFigures(const HeadsView& view, const FigureSubject& subject, const QString& fileNamePrefix) {
    std::vector<FigureOffer> offers{
        tableOffer(Words::tr("Head metrics"), Words::tr("Metrics of every head on one input."), view.table(), subject, fileNamePrefix)};
    addParts(offers, view, subject, fileNamePrefix);
    return offers;
}

std::vector<FigureOffer> ablationFigures(const AblationView& view, const FigureSubject& subject, const QString& fileNamePrefix) {
    // Ranked once, on demand: the table stays at that step whichever is shown.
    FigureSubject ranked = subject;
    if (view.study().ranked().whole) ranked.step = view.study().ranked().step;
    ranked.input.clear();  // over many samples
    std::vector<FigureOffer> offers{tableOffer(Words::tr("Heads switched off"),
                                               Words::tr("What switching one head or layer alone changes, %1.").arg(view.samplesText()),
                                               view.table(), ranked, fileNamePrefix)};
    offers.front().still = true;
    addParts(offers, view, subject, fileNamePrefix);
    return offers;
}

std::vector<FigureOffer> flowFigures(const FlowView& view, const FigureSubject& subject, const QString& fileNamePrefix) {
    std::vector<FigureOffer> offers;
    addParts(offers, view, subject, fileNamePrefix);
    return offers;
}

}  // namespace lab
