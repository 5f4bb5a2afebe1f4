#include "ui/pages/maps/views_figures.h"

#include <QCoreApplication>
#include <QPainter>
#include <QTableView>
#include <algorithm>

#include "ui/pages/maps/ablation_view.h"
#include "ui/pages/maps/flow_view.h"
#include "ui/pages/maps/heads_view.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px.
constexpr double rowHeight = 20, columnGap = 16;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(MapsViewsFigures)
};

/// The words and numbers of a table as it stands, first column left, the others right; what is drawn only (sparklines) is left out.
class TableFigure : public Figure {
public:
    struct Column {
        QString title;
        std::vector<QString> cells;
    };
    std::vector<Column> columns;
    FigureTable numbers;

    FigureTable table() const override { return numbers; }

protected:
    QSizeF bodySize(double) const override {
        double wide = 0;
        for (const Column& column : columns) wide += widthOf(column) + columnGap;
        const double rows = columns.empty() ? 0 : static_cast<double>(columns.front().cells.size()) + 1;
        return {std::max(wide, 240.0), rows * rowHeight + 4};
    }

    void paintBody(QPainter& painter, double room) const override {
        const Theme& theme = Theme::instance();
        double x = 0;
        for (std::size_t c = 0; c < columns.size(); ++c) {
            const double width = widthOf(columns[c]);
            const Qt::Alignment side = c == 0 ? Qt::AlignLeft : Qt::AlignRight;
            painter.setFont(theme.font(TextSize::caption));
            painter.setPen(theme.color(Role::muted));
            painter.drawText(QRectF(x, 0, width, rowHeight), side | Qt::AlignVCenter, columns[c].title);
            painter.setFont(theme.font(TextSize::axis));
            painter.setPen(theme.color(Role::text));
            for (std::size_t r = 0; r < columns[c].cells.size(); ++r)
                painter.drawText(QRectF(x, rowHeight * static_cast<double>(r + 1) + 2, width, rowHeight), side | Qt::AlignVCenter,
                                 columns[c].cells[r]);
            x += width + columnGap;
        }
        drawHairline(painter, {0, rowHeight}, {bodySize(room).width(), rowHeight}, theme.color(Role::hairline));
    }

private:
    static double widthOf(const Column& column) {
        const Theme& theme = Theme::instance();
        int width = textWidth(theme.font(TextSize::caption), column.title);
        for (const QString& cell : column.cells) width = std::max(width, textWidth(theme.font(TextSize::axis), cell));
        return width + 2.0;
    }
};

std::vector<TableFigure::Column> columnsOf(const QTableView& view) {
    std::vector<TableFigure::Column> columns;
    const QAbstractItemModel& model = *view.model();
    for (int c = 0; c < model.columnCount(); ++c) {
        if (view.isColumnHidden(c)) continue;
        TableFigure::Column column{model.headerData(c, Qt::Horizontal).toString(), {}};
        bool empty = true;
        for (int r = 0; r < model.rowCount(); ++r) {
            column.cells.push_back(model.index(r, c).data().toString());
            empty = empty && column.cells.back().isEmpty();
        }
        if (!empty) columns.push_back(std::move(column));
    }
    return columns;
}

FigureOffer tableOffer(const QString& name, const QString& caption, const QTableView& view, const FigureTable& numbers,
                       const FigureSubject& subject, const QString& prefix) {
    const auto columns = columnsOf(view);
    QString said = caption + QLatin1Char(' ') + Words::tr("'%1' after step %2.").arg(subject.run, grouped(subject.step));
    if (!subject.input.isEmpty()) said += QLatin1Char(' ') + Words::tr("Input: %1.").arg(subject.input);
    return {name, prefix + fileNameOf(name), [=]() -> std::unique_ptr<Figure> {
                auto figure = std::make_unique<TableFigure>();
                figure->title = name;
                figure->caption = said;
                figure->columns = columns;
                figure->numbers = numbers;
                return figure;
            }};
}

void addParts(std::vector<FigureOffer>& offers, const QWidget& view, const FigureSubject& subject, const QString& prefix) {
    for (const PartFigure& part : partFigures(view, subject)) offers.push_back({part.name, prefix + fileNameOf(part.name), part.make});
}

}  // namespace

std::vector<FigureOffer> headsFigures(const HeadsView& view, const FigureSubject& subject, const QString& fileNamePrefix) {
    std::vector<FigureOffer> offers{tableOffer(Words::tr("Head metrics"), Words::tr("Metrics of every head on one input."), view.table(),
                                               view.table().table(), subject, fileNamePrefix)};
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
                                               view.table(), view.table().table(), ranked, fileNamePrefix)};
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
