#include "ui/pages/sweeps/report.h"

#include <QAbstractTextDocumentLayout>
#include <QBuffer>
#include <QPainter>
#include <QPdfWriter>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextObjectInterface>
#include <algorithm>
#include <optional>

#include "core/base/files.h"
#include "core/base/version.h"
#include "ui/scenes/measure_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/figure_file.h"
#include "ui/widgets/format.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// A page of A4 in px of 1/96 inch.
constexpr double pdfMargin = 57, pdfWidth = 794 - 2 * pdfMargin, pdfHeight = 1123, headingRoom = 70;

QString escaped(const std::string& text) {
    return qt(text).toHtmlEscaped();
}

/// A report as HTML that browsers and Qt's text documents both lay out; pictures go in by themselves.
class Report {
public:
    explicit Report(const ReportParts& parts) : m_parts(parts), m_source(parts.source), m_summary(m_source.summary) {}
    Report(const Report&) = delete;
    Report& operator=(const Report&) = delete;

    QString html(bool forPaper) {
        m_forPaper = forPaper;
        m_figures.clear();
        return head() + accuracySection() + findingsSection() + costSection() + curvesSection() + mapsSection() + differencesSection() +
               "</body></html>\n";
    }
    /// Of the paper's version, in their order.
    const std::vector<const Figure*>& figures() const { return m_figures; }
    /// Where a picture goes.
    static QString placeOf(std::size_t figure) { return QStringLiteral("{figure:%1}").arg(figure); }

private:
    QString head() const {
        const QString title =
            m_source.sweep && !m_source.sweep->name.empty() ? escaped(m_source.sweep->name) : escaped(utf8Text(m_source.csv.filename()));
        QString html =
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + title +
            "</title><style>\nbody { font-family: 'Noto Sans', 'DejaVu Sans', sans-serif; color: #14171B; background: #FFFFFF; " +
            (m_forPaper ? QString("font-size: 8.5pt;")
                        : QString("max-width: 900px; margin: 32px auto; padding: 0 16px; line-height: 1.45;")) +
            " }\nh1 { font-size: x-large; } h2 { font-size: large; margin-top: 20px; }\n"
            "td, th { padding: 3px 6px; text-align: right; white-space: nowrap; } th { color: #4D5560; }\n"
            "td.name, th.name { text-align: left; } td.published { color: #4D5560; }\n"
            "p.note { color: #4D5560; font-size: 85%; }\nimg { max-width: 100%; }\n"
            "table { border-collapse: collapse; } tr { border-bottom: 1px solid #C9CED6; }\n</style></head><body>\n<h1>" +
            title + "</h1>\n";
        if (m_source.sweep && !m_source.sweep->about.empty()) html += "<p>" + escaped(m_source.sweep->about) + "</p>\n";
        return html + "<p>" + runsSentence() + "</p>\n";
    }

    QString runsSentence() const {
        const int rows = static_cast<int>(m_source.table.rows.size());
        const std::string file = utf8Text(m_source.csv.filename());
        const Message finished =
            m_source.sweep
                ? Message(LAB_PLURAL("report", "%1 of %n run(s) are finished (%2).")).arg(rows).arg(file).count(m_source.sweep->runCount())
                : Message(LAB_PLURAL("report", "%n run(s) (%1).")).arg(file).count(rows);
        return sentences({shown(finished).toHtmlEscaped(), QObject::tr("Made by Attention Lab %1.").arg(QLatin1String(programVersion()))});
    }

    bool comparesWithPaper() const {
        for (const SummaryCell& cell : m_summary.cells)
            if (m_summary.keys.row == "task.kind" && m_summary.keys.column == "model.attention.form" && published(cell.row, cell.column))
                return true;
        return false;
    }

    /// In percent: mean, ± over the runs of a configuration where there are several, (over configurations) likewise.
    static QString figureText(double mean, std::optional<double> overRuns, double spread, int configurations) {
        QString text = QString::asprintf("%.2f", 100 * mean);
        if (overRuns) text += QString::asprintf(" \u00B1 %.2f", 100 * *overRuns);
        if (configurations > 1) text += QString::asprintf(" (%.1f)", 100 * spread);
        return text;
    }
    QString rowName(const std::string& row) const { return escaped(displayName(row, m_summary.keys.row)); }
    QString columnName(const std::string& column) const { return escaped(displayName(column, m_summary.keys.column)); }

    QString headerRow(const QStringList& cells) const {
        QString html = "<tr><th class=\"name\" align=\"left\">" + escaped(m_summary.keys.row) + "</th>";
        for (const QString& cell : cells) html += "<th align=\"right\">" + cell + "</th>";
        return html + "</tr>\n";
    }

    QString accuracySection() const {
        const QString where = m_summary.ofTest ? QObject::tr("%1 on the test set") : QObject::tr("%1 on the validation set");
        QString html = "<h2>" + where.arg(measureTitle(m_summary.loss)) + "</h2>\n<table cellspacing=\"0\" cellpadding=\"3\">\n";
        const bool paper = comparesWithPaper();
        QStringList titles;
        for (const std::string& column : m_summary.columns) {
            titles += columnName(column);
            if (paper) titles += QObject::tr("published");
        }
        titles += QObject::tr("runs");
        html += headerRow(titles);
        for (const std::string& row : m_summary.rows) html += accuracyRow(row, paper);
        html += "</table>\n<p class=\"note\">" +
                QObject::tr(
                    "%1, in %: the mean over configurations of the mean of their runs, \u00B1 the standard deviation over the runs of a "
                    "configuration (seeds; divided by n \u2212 1, pooled); in brackets that over configurations, where there are several.")
                    .arg(measureMeaning(m_summary.loss));
        if (paper)
            html += " " + QObject::tr(
                              "Published: A. Borji, Key-Value Transformer, arXiv 2305.19129, as printed by the author's notebook, over 16 "
                              "configurations "
                              "(Reverse and Sort 19).");
        return html + "</p>\n";
    }

    QString accuracyRow(const std::string& row, bool paper) const {
        QString html = "<tr><td class=\"name\" align=\"left\">" + rowName(row) + "</td>";
        QStringList runs;
        for (const std::string& column : m_summary.columns) {
            const SummaryCell* cell = m_summary.cell(row, column);
            html += "<td align=\"right\">" +
                    (cell && cell->mean ? "<b>" + figureText(*cell->mean, cell->runSpread, cell->spread, cell->configurations) + "</b>"
                                        : "\u2013") +
                    "</td>";
            if (paper) {
                const Published* figure = published(row, column);
                html += "<td class=\"published\" align=\"right\">" +
                        (figure ? figureText(figure->mean, std::nullopt, figure->spread, figure->configurations) : "\u2013") + "</td>";
            }
            runs += QString::number(cell ? cell->runs : 0);
        }
        runs.removeDuplicates();
        return html + "<td align=\"right\">" + runs.join(", ") + "</td></tr>\n";
    }

    QString findingsSection() const {
        const std::vector<Message> sentences = findings(m_summary);
        if (sentences.empty()) return {};
        QString html = "<h2>" + QObject::tr("What the numbers say") + "</h2>\n<ul>\n";
        for (const Message& sentence : sentences) html += "<li>" + shown(sentence).toHtmlEscaped() + "</li>\n";
        return html + "</ul>\n";
    }

    QString costSection() const {
        QString html = "<h2>" + QObject::tr("Parameters and time") + "</h2>\n<table cellspacing=\"0\" cellpadding=\"3\">\n";
        QStringList titles;
        for (const std::string& column : m_summary.columns)
            titles << QObject::tr("%1 parameters").arg(columnName(column)) << QObject::tr("ms a step");
        html += headerRow(titles);
        for (const std::string& row : m_summary.rows) {
            html += "<tr><td class=\"name\" align=\"left\">" + rowName(row) + "</td>";
            for (const std::string& column : m_summary.columns) {
                const SummaryCell* cell = m_summary.cell(row, column);
                html += "<td align=\"right\">" + (cell ? grouped(static_cast<std::int64_t>(cell->parameters + 0.5)) : QString("\u2013")) +
                        "</td><td align=\"right\">" + (cell ? QString::asprintf("%.1f", 1000 * cell->secondsPerStep) : QString("\u2013")) +
                        "</td>";
            }
            html += "</tr>\n";
        }
        return html + "</table>\n<p class=\"note\">" +
               QObject::tr(
                   "Parameters: mean over configurations. Time: median over runs of the computing time of a step, without validation; runs "
                   "that share a "
                   "processor slow each other down, so only ratios mean anything, and those little.") +
               "</p>\n";
    }

    QString curvesSection() {
        const Figure* figure = m_parts.curves.get();
        return heading(QObject::tr("Curves")) + (figure ? picture(*figure, FigureFormat::svg)
                                                        : missing(QObject::tr("The runs' metrics are missing, so there are no curves.")));
    }

    QString mapsSection() {
        const Figure *figure = m_parts.scores.get(), *weights = m_parts.weights.get();
        return heading(QObject::tr("Attention maps")) +
               (figure ? picture(*figure, FigureFormat::png)
                       : missing(QObject::tr("No checkpoint of an encoder is there, so there are no maps."))) +
               (weights ? picture(*weights, FigureFormat::png) : QString());
    }

    /// On paper the picture's page begins with it.
    QString heading(const QString& text) const {
        return (m_forPaper ? "<h2 style=\"page-break-before: always\">" : "<h2>") + text + "</h2>\n";
    }

    static QString missing(const QString& sentence) { return "<p>" + sentence + "</p>\n"; }

    QString picture(const Figure& figure, FigureFormat format) {
        if (m_forPaper) {
            m_figures.push_back(&figure);
            return QString("<p>%1</p>\n").arg(placeOf(m_figures.size() - 1));
        }
        const QString type = format == FigureFormat::svg ? "svg+xml" : "png";
        return QString("<p><img alt=\"%1\" src=\"data:image/%2;base64,%3\"></p>\n")
            .arg(figure.title.toHtmlEscaped(), type, QString::fromLatin1(figureBytes(figure, format, {2, false}).toBase64()));
    }

    QString differencesSection() const {
        QStringList items;
        if (m_source.sweep) {
            const int rows = static_cast<int>(m_source.table.rows.size()), all = m_source.sweep->runCount();
            if (rows < all)
                items += counted(LAB_PLURAL("report", "%1 of %n run(s) are not finished: the numbers are those of the others."), all,
                                 {QString::number(all - rows)});
            if (m_source.filesMissing > 0)
                items += counted(LAB_PLURAL("report", "%n run(s) lack their metrics or checkpoint and are in the tables only."),
                                 m_source.filesMissing);
            QStringList grid;
            for (const GridKey& key : m_source.sweep->grid) {
                QStringList cells;
                for (const std::string& cell : key.cells) cells += escaped(cell);
                grid += escaped(key.path) + ": " + cells.join(", ");
            }
            items += QObject::tr("The grid: %1.").arg(grid.join("; "));
        } else {
            items +=
                QObject::tr("The folder %1 is missing: no grid, curves and maps.").arg(escaped(utf8Text(RunsFolder(m_source.csv).path())));
        }
        if (comparesWithPaper()) items += paperDifferences();
        QString html = "<h2>" + QObject::tr("What to bear in mind") + "</h2>\n<ul>\n";
        for (const QString& item : items) html += "<li>" + item + "</li>\n";
        return html + "</ul>\n";
    }

    QStringList paperDifferences() const {
        int most = 0;
        for (const SummaryCell& cell : m_summary.cells) most = std::max(most, cell.configurations);
        QStringList items;
        if (most < 16)
            items += QObject::tr(
                         "Another grid: at most %1 configurations a cell here, 16 to 19 there (lengths 64 and 128, widths 64 and 256, 2 "
                         "and 4 layers, 2 and 4 heads; what the three more of Reverse and Sort were is not known). Means and standard "
                         "deviations over other configurations are other numbers; only the order of forms can "
                         "be compared.")
                         .arg(most);
        items += QObject::tr(
            "Another library: own kernels and random numbers, and runs whose task settings agree share their training data (PyTorch and "
            "fresh data there).");
        items += QObject::tr(
            "The published standard deviations are over configurations; those of Reverse and Swap are large because some configurations "
            "had not left the plateau at ln 10 when training ended. They are no error bars.");
        items += QObject::tr("The published times were not measured together, and neither machine is the other.");
        return items;
    }

    const ReportParts& m_parts;
    const ReportSource& m_source;
    const Summary& m_summary;
    bool m_forPaper = false;
    std::vector<const Figure*> m_figures;
};

/// A picture in a text, drawn as what it is and not as pixels.
class FigureObject : public QObject, public QTextObjectInterface {
    Q_OBJECT
    Q_INTERFACES(QTextObjectInterface)

public:
    static constexpr int type = QTextFormat::UserObject + 1;

    explicit FigureObject(const std::vector<const Figure*>& figures) : m_figures(figures) {}

    /// Below its heading it must fit the page: a picture that does not is cut in two.
    QSizeF intrinsicSize(QTextDocument*, int, const QTextFormat& format) override {
        const PrintTheme theme;
        const QSizeF size = figureOf(format).size();
        const double width = std::min({pdfWidth, size.width(), (pdfHeight - 2 * pdfMargin - headingRoom) * size.width() / size.height()});
        return {width, width * size.height() / size.width()};
    }

    void drawObject(QPainter* painter, const QRectF& rect, QTextDocument*, int, const QTextFormat& format) override {
        const PrintTheme theme;
        const Figure& figure = figureOf(format);
        painter->save();
        painter->translate(rect.topLeft());
        painter->scale(rect.width() / figure.size().width(), rect.width() / figure.size().width());
        figure.paint(*painter);
        painter->restore();
    }

private:
    const Figure& figureOf(const QTextFormat& format) const { return *m_figures[format.property(type).toUInt()]; }
    const std::vector<const Figure*>& m_figures;
};

void placeFigures(QTextDocument& document, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        QTextCursor place = document.find(Report::placeOf(i));
        QTextCharFormat format;
        format.setObjectType(FigureObject::type);
        format.setProperty(FigureObject::type, static_cast<uint>(i));
        place.insertText(QString(QChar::ObjectReplacementCharacter), format);
    }
}

QByteArray pdfOf(Report& report) {
    const QString html = report.html(true);
    FigureObject pictures(report.figures());
    QTextDocument document;
    document.documentLayout()->registerHandler(FigureObject::type, &pictures);
    document.setDocumentMargin(pdfMargin);
    document.setPageSize(QSizeF(pdfWidth + 2 * pdfMargin, pdfHeight));  // else print() sets margins of its own
    document.setHtml(html);
    placeFigures(document, report.figures().size());
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageMargins(QMarginsF(), QPageLayout::Millimeter);
    writer.setCreator("Attention Lab");
    document.print(&writer);
    return bytes;
}

}  // namespace

ReportParts reportParts(const std::filesystem::path& csv) {
    ReportParts parts{reportSource(csv), nullptr, nullptr, nullptr};
    parts.curves = reportCurves(parts.source);
    parts.scores = reportScores(parts.source);
    parts.weights = reportMappedWeights(parts.source);
    return parts;
}

QByteArray reportBytes(const ReportParts& parts, bool pdf) {
    Report made(parts);
    return pdf ? pdfOf(made) : made.html(false).toUtf8();
}

}  // namespace lab

#include "report.moc"
