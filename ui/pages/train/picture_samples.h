#pragma once

#include <QImage>
#include <map>
#include <optional>

#include "ui/runs/sample_ranking.h"
#include "ui/scenes/sequence_words.h"
#include "ui/widgets/table/data_table.h"

namespace lab {

/// The samples of a run that reads pictures: each small, with its loss, what the model says and what is true. Sorted by the loss until a
/// title sorts otherwise, so that the wrong ones are found; a click takes one into the window.
class PictureSamples : public DataTable {
    Q_OBJECT

public:
    explicit PictureSamples(QWidget* parent = nullptr);

    /// Whether the run says of what class a picture is.
    static bool isFor(const Run* run);
    /// What is known of the run's validation or training samples; `shown`: the one in the window, -1: none.
    void setSamples(const Run& run, bool validation, std::vector<SampleRanking::Ranked> samples, int shown);
    void forget();
    /// By sample.
    const std::vector<SampleRanking::Ranked>& samples() const { return m_samples; }
    const QImage& picture(std::size_t row) const;

    enum Column { pictureColumn, indexColumn, lossColumn, saidColumn, truthColumn, rightColumn };

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void sampleChosen(int index);

protected:
    void titlePressed(int column) override;

private:
    std::vector<TableColumn> makeColumns();
    TableColumn pictures();
    TableColumn verdicts();
    QString classText(int id) const;

    std::optional<SequenceWords> m_words;
    std::shared_ptr<const Dataset> m_data;
    bool m_validation = true;
    std::vector<SampleRanking::Ranked> m_samples;
    mutable std::map<int, QImage> m_pictures;  ///< those that were in sight, by sample
};

}  // namespace lab
