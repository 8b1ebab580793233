"""What columns with personal data are called, in the languages of Europe and some others."""

from __future__ import annotations

SURE = {
    "email": """
        email e_mail mail_address email_address emailadres courriel adresse_mail
        adresse_email adresse_electronique correo correo_electronico posta_elettronica
        indirizzo_email endereco_email e_mail_adresse sahkoposti epost adres_email
        elektronicna_posta メール メールアドレス 邮箱 电子邮件 почта электронная_почта
    """,
    "phone": """
        phone phone_number telephone telephone_number mobile mobile_number mobile_phone
        cell_phone cellphone msisdn fax_number phone_no tel_no telephone_mobile
        numero_telephone num_tel portable numero_de_telephone telefon telefonnummer handy
        handynummer mobilnummer telefono numero_telefono movil cellulare telefone celular
        telemovel telefoon telefoonnummer numer_telefonu puhelin puhelinnumero 電話番号 电话 手机号
        телефон
    """,
    "card": """
        card_number cardnumber card_no credit_card credit_card_number creditcard
        pan_number card_pan primary_account_number cvv cvc card_cvv card_cvc numero_carte
        numero_de_carte carte_bancaire numero_cb kartennummer kreditkartennummer
        kreditkarte numero_tarjeta tarjeta_credito numero_carta carta_di_credito
        numero_cartao cartao_credito kaartnummer numer_karty
    """,
    "iban": """
        iban bank_account bank_account_number account_iban bic_iban rib kontonummer
        bankverbindung cuenta_bancaria conto_corrente conta_bancaria rekeningnummer
        numer_konta sort_code routing_number
    """,
    "national_id": """
        national_id national_identifier national_insurance_number nino ssn social_security
        social_security_number social_insurance_number id_card_number identity_number
        personal_number personal_id_number citizen_id numero_securite_sociale numero_secu
        nir securite_sociale numero_cni carte_identite personalausweis
        personalausweisnummer sozialversicherungsnummer steuer_id
        steuerliche_identifikationsnummer dni nie documento_identidad numero_documento
        codice_fiscale carta_identita cpf cartao_cidadao bsn burgerservicenummer
        rijksregisternummer numero_national pesel personnummer fodselsnummer cpr_nummer
        henkilotunnus hetu rodne_cislo cnp aadhaar aadhaar_number tckn tc_kimlik_no マイナンバー
        身份证 身份证号 инн снилс
    """,
    "passport": """
        passport passport_number passport_no numero_passeport passeport reisepass
        reisepassnummer pasaporte numero_pasaporte passaporto passaporte paspoort
        paspoortnummer driver_license driving_licence drivers_license_number
        permis_conduire fuehrerschein fuehrerscheinnummer
    """,
    "password": """
        password passwd pwd password_hash passphrase secret_answer mot_de_passe mdp
        passwort kennwort contrasena parola_chiave senha wachtwoord haslo api_key
        access_token refresh_token pin_code security_code
    """,
    "date_of_birth": """
        date_of_birth birth_date birthdate birthday dob birth_day date_naissance
        date_de_naissance naissance geburtsdatum geburtstag fecha_nacimiento
        fecha_de_nacimiento data_nascita data_di_nascita data_nascimento geboortedatum
        data_urodzenia fodselsdato syntymaaika 生年月日 出生日期 дата_рождения
    """,
    "name": """
        first_name firstname last_name lastname full_name fullname surname given_name
        family_name middle_name maiden_name person_name customer_name client_name
        cardholder cardholder_name holder_name beneficiary_name contact_name prenom
        nom_famille nom_de_famille nom_complet nom_client nom_prenom vorname nachname
        familienname vollstandiger_name nombre_completo primer_apellido apellido apellidos
        nome_completo cognome sobrenome apelido voornaam achternaam imie nazwisko fornavn
        etternavn efternamn etunimi sukunimi 氏名 名前 姓名 фамилия имя
    """,
    "address": """
        street street_address home_address postal_address billing_address shipping_address
        delivery_address mailing_address address_line address_line1 address_line2
        house_number adresse_postale adresse_livraison adresse_facturation rue numero_rue
        strasse hausnummer anschrift lieferadresse calle direccion domicilio indirizzo
        via_civico endereco rua straatnaam huisnummer ulica 住所 地址 адрес
    """,
    "location": """
        latitude longitude lat_lon lat_long lat_lng geo_location geolocation gps
        gps_position coordinates
    """,
    "ip_address": """
        ip ip_address ipaddr client_ip remote_ip source_ip ipv4 ipv6 adresse_ip ip_adresse
    """,
    "device": """
        device_id imei imsi mac_address advertising_id idfa gaid android_id cookie_id
        browser_fingerprint user_agent license_plate plate_number immatriculation
        kennzeichen matricula
    """,
    "health": """
        diagnosis diagnose medical_record medical_condition health_status disease
        disability blood_type blood_group treatment prescription maladie groupe_sanguin
        krankheit blutgruppe enfermedad grupo_sanguineo malattia gruppo_sanguigno
    """,
    "biometric": """
        fingerprint_template face_template biometric biometric_id voice_print iris_scan
        empreinte
    """,
    "belief": """
        religion religious_belief political_opinion political_party union_membership
        trade_union konfession croyance
    """,
    "ethnicity": "ethnicity ethnic_origin race origine_ethnique herkunft etnia",
    "income": """
        salary income annual_income wage salaire revenu revenus gehalt einkommen salario
        sueldo ingresos stipendio reddito renda loon inkomen
    """,
    "gender": """
        gender sex sexe geschlecht genero sexo sesso geslacht plec civility civilite
        anrede
    """,
}
"""Kind -> names that mean it, parts joined by `_`, without accents."""

MAYBE = {
    "email": "mail contact",
    "phone": "tel cell gsm portable_number",
    "card": "pan card carte karte tarjeta",
    "iban": "account_number account_no account numero_compte compte konto",
    "national_id": """
        id_number identity tax_id tax_number nif nss vat_person siret_personnel ssn_last4
    """,
    "date_of_birth": "birth born age",
    "name": """
        name nom nombre nome naam holder recipient beneficiary sender payee payer
        contact_person
    """,
    "address": """
        address adresse adres city town zip zipcode zip_code postcode postal_code
        code_postal ville plz ort postleitzahl ciudad codigo_postal citta cap cidade cep
        postcode_nl plaats
    """,
    "location": "lat lon lng geo position geohash",
    "ip_address": "host_address remote_addr",
    "device": "device cookie fingerprint session_id",
    "password": "secret token pin",
}
"""The same for names that often mean something else."""

_OTHER_THINGS = """
    file host domain server service product item brand company organisation organization
    organizational merchant shop store table column field topic event job model class role
    group category campaign project bank country currency region state city_code type kind
    scheme template method process queue schema app application plan tier department team unit
    function species genre display_format fichier produit entreprise societe firma producto
    empresa
"""
OTHER_THINGS = frozenset(_OTHER_THINGS.split())
"""Before `name` or `address` they say whose it is: no person's."""

_ABOUT_IT = """
    count flag verified valid validated type kind network brand status format template enabled
    disabled optin opt sent score provider domain length size required present missing consent
    preference preferences channel category policy changed updated updates lang language
    locale issuer country currency expiry_status id_type bounce bounced
"""
ABOUT_IT = frozenset(_ABOUT_IT.split())
"""After the name of a thing: about the thing, not the thing itself."""

QUESTIONS = frozenset(("is", "has", "can", "should", "num", "number", "nb", "count"))
"""Before the name of a thing: whether there is one, or how many."""
