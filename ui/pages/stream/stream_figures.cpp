#include "ui/pages/stream/stream_figures.h"

#include <QCoreApplication>

#include "core/base/number_text.h"
#include "ui/pages/stream/lens_picture.h"
#include "ui/pages/stream/waterfall_view.h"

namespace lab {
namespace {

struct StreamFigures {
    Q_DECLARE_TR_FUNCTIONS(lab::StreamFigures)
};

}  // namespace

QString lensTitle() {
    return StreamFigures::tr("What the stream says");
}

std::unique_ptr<Figure> lensFigure(const FigureSubject& subject, const LensScene& scene) {
    auto figure = std::make_unique<LensFigure>();
    figure->title = lensTitle();
    figure->caption = subjectCaption(
        subject, StreamFigures::tr("Logit lens (nostalgebraist 2020): the residual stream behind each part, read by the output head"));
    figure->scene = scene;
    figure->check = lensCheck(*scene.lens);
    return figure;
}

QString logitTitle() {
    return StreamFigures::tr("What made the logit");
}

std::unique_ptr<Figure> logitFigure(const FigureSubject& subject, const QString& words, const WaterfallScene& scene, const QString& check) {
    auto figure = std::make_unique<WaterfallFigure>();
    figure->title = logitTitle();
    figure->caption = subjectCaption(subject, StreamFigures::tr("Direct logit attribution: %1").arg(words));
    figure->scene = scene;
    figure->check = check;
    return figure;
}

QString patchTitle() {
    return StreamFigures::tr("Where the answer travels");
}

std::unique_ptr<Figure> patchFigure(const FigureSubject& subject, const QString& title, const QString& measure, const PatchScene& scene) {
    auto figure = std::make_unique<PatchFigure>();
    figure->title = title;
    figure->caption = subjectCaption(subject, StreamFigures::tr("Activation patching (Vig et al. 2020): share of %1 that comes back when "
                                                                "one cell is put from one run into the other")
                                                  .arg(measure));
    figure->scene = scene;
    return figure;
}

QString circuitTitle() {
    return StreamFigures::tr("Which head reads which");
}

std::unique_ptr<Figure> circuitFigure(const FigureSubject& subject, const CircuitScene& scene) {
    auto figure = std::make_unique<PartsFigure>();
    figure->title = circuitTitle();
    figure->caption = subjectCaption(subject, circuitTitle());
    figure->body = QSizeF(560, 340);
    figure->parts.push_back({QString(), QRectF(QPointF(), figure->body), nullptr});
    figure->parts.back().paint = [scene](QPainter& painter, const QSizeF& room) { scene.paint(painter, QRectF(QPointF(), room)); };
    figure->numbers.header = {"from", "to", "through", "composition"};
    for (const CircuitScene::Line& line : scene.lines)
        figure->numbers.rows.push_back({scene.first[static_cast<std::size_t>(line.first)].name.toStdString(),
                                        scene.second[static_cast<std::size_t>(line.second)].name.toStdString(),
                                        endLetter(line.end).toStdString(), numberText(line.value)});
    return figure;
}

}  // namespace lab
