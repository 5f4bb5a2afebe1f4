#include "ui/pages/maps/views_figures.h"

#include <QCoreApplication>

#include "ui/pages/maps/ablation_view.h"
#include "ui/pages/maps/average_view.h"
#include "ui/pages/maps/heads_view.h"
#include "ui/widgets/map/map.h"

namespace lab {
namespace {

struct ViewsFiguresWords {
    Q_DECLARE_TR_FUNCTIONS(MapsViewsFigures)
};

std::vector<FigureOffer> withParts(FigureOffer table, const QWidget& view, const FigureSubject& subject) {
    std::vector<FigureOffer> offers = partOffers(view, subject);
    offers.insert(offers.begin(), std::move(table));
    return offers;
}

}  // namespace

std::vector<FigureOffer> headsFigures(const HeadsView& view, const FigureSubject& subject) {
    return withParts(tableOffer(ViewsFiguresWords::tr("Head metrics"), view.table(),
                                ViewsFiguresWords::tr("Metrics of every head on one input"), subject),
                     view, subject);
}

std::vector<FigureOffer> ablationFigures(const AblationView& view, const FigureSubject& subject) {
    // Ranked once, on demand: the table stays at that step whichever is shown.
    FigureSubject ranked = subject;
    if (view.study().ranked().whole) ranked.step = view.study().ranked().step;
    ranked.input.clear();  // over many samples
    const QString what = ViewsFiguresWords::tr("What switching one head or layer alone changes, %1").arg(view.samplesText());
    FigureOffer table = tableOffer(ViewsFiguresWords::tr("Heads switched off"), view.table(), what, ranked);
    table.still = true;
    return withParts(std::move(table), view, subject);
}

std::vector<FigureOffer> averageFigures(const AverageView& view, const FigureSubject& subject) {
    FigureSubject over = subject;
    over.step = view.drawnStep();
    over.input = view.inputsText();
    std::vector<FigureOffer> offers;
    for (const Map* map : {&view.meanMap(), &view.spreadMap(), &view.ownMap()})
        for (FigureOffer& offer : partOffers(*map->parentWidget(), map == &view.ownMap() ? subject : over))
            offers.push_back(std::move(offer));
    return offers;
}

}  // namespace lab
