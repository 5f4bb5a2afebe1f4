#pragma once

#include <QDialog>
#include <functional>
#include <memory>
#include <vector>

#include "ui/widgets/figure_file.h"
#include "ui/widgets/film.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLineEdit;
class QSpinBox;

namespace lab {

class Button;
class ErrorStrip;
class SegmentedControl;
class ThemedLabel;

/// A picture that can be exported now.
struct FigureOffer {
    QString name;      ///< in the list: "All heads"
    QString fileName;  ///< without folder and suffix: "reverse-step-3900-maps"
    std::function<std::unique_ptr<Figure>()> make;
    std::function<std::unique_ptr<FilmSource>()> makeFilm{};  ///< the same through the training; may be null
    bool still = false;                                       ///< it does not change with the step: there is no film through that
    QString subject{};                                        ///< what it is of, if that is no run
};

/// Letters, digits and hyphens only: "Reverse, 2 layers" -> "reverse-2-layers".
QString fileNameOf(const QString& text);

/// A small window beside the work, never in its way: which picture, as what, where to, or into the clipboard. Errors stand in a strip, and
/// an existing file is replaced only when the person says so.
class ExportPanel : public QDialog {
    Q_OBJECT

public:
    using Offers = std::function<std::vector<FigureOffer>()>;
    /// `offers` is asked again whenever the pictures may have changed, and right before one is made.
    explicit ExportPanel(Offers offers, QWidget* parent = nullptr);
    ~ExportPanel() override;

    /// What is shown has changed.
    void sync();

    enum class Choice { svg, pdf, png, csv, frames, film };
    void choose(int offer, Choice choice);
    /// Of a film: as which file, from which step to which, how many pictures at most, and how many seconds.
    void setFilm(FilmFormat format);
    void setFilmCut(int from, int to, int pictures, double seconds);
    /// Full path, as in the field.
    QString path() const;
    void setPath(const QString& path);
    void save();
    void copyPicture();
    void copyTable();
    bool filming() const { return m_film != nullptr; }

    /// The last problem or result, as it stands in the panel.
    QString problem() const { return m_problemText; }
    QString result() const;

protected:
    void showEvent(QShowEvent* event) override;
    void reject() override;

private:
    void arrange();
    void makeFilmFields();
    void connectParts();
    void applyMeasures();
    void follow();
    void followFilm();
    FilmFormat filmFormat() const;
    void suggestPath();
    void adaptPath();
    void browse();
    void write();
    void film();
    void stopFilm();
    Choice choice() const;
    QString suffix() const;
    FigureStyle style() const;
    const FigureOffer* offer() const;
    void say(const QString& text);
    void fail(const QString& what, const QString& why);
    void clearMessages();
    void pathChanged();
    void fitHeight();
    template <class Do>
    bool tried(const QString& what, Do action);

    Offers m_offersSource;
    std::vector<FigureOffer> m_offers;
    std::unique_ptr<FilmExport> m_film;
    QString m_folder;
    QString m_problemText;
    bool m_pathEdited = false;
    bool m_cutEdited = false;

    QFormLayout* m_form;
    QComboBox* m_picture;
    SegmentedControl *m_format, *m_scale, *m_width, *m_filmFile;
    QWidget* m_filmSteps;
    QSpinBox *m_from, *m_to, *m_pictures;
    QDoubleSpinBox* m_seconds;
    QCheckBox *m_dark, *m_words;
    QLineEdit* m_path;
    Button *m_browse, *m_save, *m_copyPicture, *m_copyTable;
    ErrorStrip* m_strip;
    ThemedLabel* m_said;
};

}  // namespace lab
