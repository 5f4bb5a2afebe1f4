#include "ui/window/help_document.h"

#include <QFileInfo>
#include <QFontMetricsF>
#include <QImage>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextOption>
#include <QTextTable>
#include <QUrl>
#include <algorithm>
#include <vector>

#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr int cellPadding = 4;  // logical px at 100 %

/// Shares of the width, in per cent: keys, values, defaults and meanings; names, shapes and meanings.
std::vector<double> usualShares(int columns) {
    if (columns == 4) return {27, 21, 12, 40};
    if (columns == 3) return {40, 25, 35};
    return columns == 2 ? std::vector<double>{32, 68} : std::vector<double>();
}

QString cellText(QTextTable& table, int row, int column) {
    QTextCursor cursor = table.cellAt(row, column).firstCursorPosition();
    cursor.setPosition(table.cellAt(row, column).lastPosition(), QTextCursor::KeepAnchor);
    return cursor.selectedText();
}

struct ColumnNeed {
    double least = 0;    ///< px, of its longest word
    double usually = 0;  ///< letters of a cell on average, long ones counted as of a line
};

ColumnNeed needOf(QTextTable& table, int column) {
    constexpr double lettersOfALine = 60, longestWord = 160;
    const Theme& theme = Theme::instance();
    ColumnNeed need;
    for (int row = 0; row < table.rows(); ++row) {
        const QFontMetricsF metrics(theme.font(TextSize::text, row == 0));
        const QString text = cellText(table, row, column);
        need.usually += std::min(static_cast<double>(text.size()), lettersOfALine) / table.rows();
        for (const QString& word : text.split(QLatin1Char(' ')))
            need.least = std::max(need.least, std::min(metrics.horizontalAdvance(word), theme.px(longestWord) * 1.0));
    }
    need.least += 2 * theme.px(cellPadding) + 4;
    return need;
}

/// Each column has room for its longest word; what is left goes to those that have more to say. In per cent.
std::vector<double> measuredShares(QTextTable& table, double width) {
    std::vector<ColumnNeed> needs;
    ColumnNeed all;
    for (int column = 0; column < table.columns(); ++column) {
        needs.push_back(needOf(table, column));
        all.least += needs.back().least;
        all.usually += needs.back().usually;
    }
    const double left = std::max(0.0, width - all.least);
    std::vector<double> shares;
    for (const ColumnNeed& need : needs) shares.push_back(100 * (need.least + left * need.usually / all.usually) / (all.least + left));
    return shares;
}

/// Every table of the frame with a hairline under each row.
void styleHelpTables(QTextFrame* frame, bool reference, double width) {
    const Theme& theme = Theme::instance();
    for (QTextFrame* child : frame->childFrames()) {
        if (auto* table = qobject_cast<QTextTable*>(child)) {
            QTextTableFormat format = table->format();
            format.setBorder(1);
            format.setBorderCollapse(true);
            format.setBorderStyle(QTextFrameFormat::BorderStyle_Solid);
            format.setBorderBrush(theme.color(Role::hairline));
            format.setCellPadding(theme.px(cellPadding));
            format.setCellSpacing(0);
            format.setHeaderRowCount(1);
            format.setWidth(QTextLength(QTextLength::PercentageLength, 100));
            QList<QTextLength> widths;
            for (const double share : reference ? usualShares(table->columns()) : measuredShares(*table, width))
                widths << QTextLength(QTextLength::PercentageLength, share);
            format.setColumnWidthConstraints(widths);
            table->setFormat(format);
        }
        styleHelpTables(child, reference, width);
    }
}

void styleHeading(QTextCursor& cursor, int level) {
    const Theme& theme = Theme::instance();
    QTextBlockFormat space = cursor.blockFormat();
    space.setTopMargin(theme.px(level == 3 ? 12 : 20));
    space.setBottomMargin(theme.px(6));
    cursor.setBlockFormat(space);
    cursor.select(QTextCursor::BlockUnderCursor);
    QTextCharFormat letters;
    letters.setFont(theme.font(level == 3 ? TextSize::token : TextSize::meter, true));
    cursor.mergeCharFormat(letters);
}

bool isCode(const QTextBlockFormat& format) {
    return format.hasProperty(QTextFormat::BlockCodeLanguage);
}

void styleParagraph(QTextCursor& cursor) {
    const Theme& theme = Theme::instance();
    QTextBlockFormat space = cursor.blockFormat();
    const bool inTable = cursor.currentTable(), code = isCode(space);
    space.setNonBreakableLines(false);
    const bool codeGoesOn = code && isCode(cursor.block().next().blockFormat());
    if (!inTable && !codeGoesOn) space.setBottomMargin(theme.px(6));
    if (code) space.setLeftMargin(theme.px(12));
    cursor.setBlockFormat(space);
    if (!code) return;
    cursor.select(QTextCursor::BlockUnderCursor);
    QTextCharFormat letters;
    letters.setProperty(QTextFormat::FontPixelSize, theme.font(TextSize::axis).pixelSize());
    cursor.mergeCharFormat(letters);
}

/// A picture of the sources (../pictures/NAME) is in the program under its name.
void placePicture(QTextDocument& document, const QTextFragment& fragment, double width) {
    QTextImageFormat format = fragment.charFormat().toImageFormat();
    const QImage image(QStringLiteral(":/pictures/") + QFileInfo(format.name()).fileName());
    if (image.isNull()) return;
    document.addResource(QTextDocument::ImageResource, QUrl(format.name()), image);
    const double shown = std::min<double>(width, image.width());
    format.setWidth(shown);
    format.setHeight(shown * image.height() / image.width());
    QTextCursor cursor(&document);
    cursor.setPosition(fragment.position());
    cursor.setPosition(fragment.position() + fragment.length(), QTextCursor::KeepAnchor);
    cursor.setCharFormat(format);
}

}  // namespace

void setHelp(QTextDocument& document, const QString& markdown, double width) {
    document.setDefaultFont(Theme::instance().font(TextSize::text));
    QTextOption wrapping = document.defaultTextOption();
    wrapping.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);  // long names and commands, too
    document.setDefaultTextOption(wrapping);
    document.setUndoRedoEnabled(false);
    document.setMarkdown(markdown);
    QTextCursor all(&document);
    all.beginEditBlock();  // laid out once, at its end
    const bool reference = markdown.contains(QLatin1String("```text"));  // of calls: its many tables are to stand alike
    styleHelpTables(document.rootFrame(), reference, width);
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        QTextCursor cursor(block);
        const int level = block.blockFormat().headingLevel();
        level == 0 ? styleParagraph(cursor) : styleHeading(cursor, level);
    }
    fitPictures(document, width);
    all.endEditBlock();
}

void fitPictures(QTextDocument& document, double width) {
    std::vector<QTextFragment> pictures;
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next())
        for (auto part = block.begin(); !part.atEnd(); ++part)
            if (part.fragment().charFormat().isImageFormat()) pictures.push_back(part.fragment());
    for (const QTextFragment& each : pictures) placePicture(document, each, width);
}

}  // namespace lab
