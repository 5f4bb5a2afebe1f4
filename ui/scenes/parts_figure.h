#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "ui/runs/run.h"
#include "ui/widgets/export_panel.h"

class QWidget;

// Pictures for paper made of widgets.

namespace lab {

class DataTable;
class PlotLegend;

/// What a picture is of.
struct FigureSubject {
    QString run;
    std::int64_t step = -1;  ///< negative: not said
    QString head{};          ///< "Layer 0 \u00B7 head 1"; may be empty
    QString input{};         ///< as inputWords() has it; may be empty
};

/// "3 1 4 1 5", with what the decoder reads behind it: what a caption says of the input.
QString inputWords(const Run& run, const Input& input);

/// A picture's caption: what it shows, and of what.
QString subjectCaption(const FigureSubject& subject, const QString& what);

inline constexpr double figureHeadingHeight = 22;  ///< logical px, over a part of a picture

/// Widgets as they paint themselves, each under its heading.
class PartsFigure : public Figure {
public:
    struct Part {
        QString heading;
        QRectF place;  ///< in the body
        std::shared_ptr<QWidget> widget;
        PlotLegend* legend = nullptr;                           ///< of the widget
        std::function<void(QPainter&, const QSizeF&)> paint{};  ///< instead of a widget
        bool square = false;                                    ///< a map of squares: no higher than wide
    };

    std::shared_ptr<const void> kept;  ///< what the widgets look at; outlives them
    QSizeF body;
    std::vector<Part> parts;
    FigureTable numbers;

    FigureTable table() const override { return numbers; }

protected:
    QSizeF bodySize(double width) const override;
    void paintBody(QPainter& painter, double width) const override;

private:
    std::vector<QRectF> placesFor(double width) const;
};

/// "reverse-step-3900-rollout": the name of the file with a picture of `what`.
QString figureFile(const FigureSubject& subject, const QString& what);
/// Of every plot and map that is visible in `view`.
std::vector<FigureOffer> partOffers(const QWidget& view, const FigureSubject& subject);
/// Pictures of no run, and of no step of one: they stay as they are while a model is trained.
std::vector<FigureOffer> ofNoRun(std::vector<FigureOffer> offers, const FigureSubject& subject);
/// A table as it stands now.
FigureOffer tableOffer(const QString& name, const DataTable& table, const QString& what, const FigureSubject& subject);

}  // namespace lab
